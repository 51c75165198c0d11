package streamer

import (
	"encoding/json"
	"os"
	"testing"
)

func TestTheContractsExamplesAreTakenAsTheyAre(t *testing.T) {
	text, err := os.ReadFile("../../protocol/vectors/golden/server.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct{ Name, Frame string }
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) < 20 {
		t.Fatalf("only %d examples", len(vectors))
	}
	for _, vector := range vectors {
		t.Run(vector.Name, func(t *testing.T) {
			var frame struct {
				Type       string          `json:"type"`
				RequestID  string          `json:"request_id"`
				JobID      string          `json:"job_id"`
				Seq        int64           `json:"seq"`
				Data       json.RawMessage `json:"data"`
				Result     json.RawMessage `json:"result"`
				Percentage float64         `json:"percentage"`
				Message    string          `json:"message"`
				Attempt    int             `json:"attempt"`
				Error      problem         `json:"error"`
			}
			if err := json.Unmarshal([]byte(vector.Frame), &frame); err != nil {
				t.Fatal(err)
			}
			options := []RequestOption{WithoutFetch()}
			switch frame.Type {
			case "welcome", "pong", "goaway":
				// their id is their own frame's
			default:
				options = append(options, WithID(frame.RequestID))
			}
			w := connected(t)
			w.core.link.newTokens = false
			j := w.ask(options...)
			w.last().text(vector.Frame)
			want(t, "state", w.core.link.state.Name, StateOpen)
			hasID := frame.RequestID != ""
			switch {
			case frame.Type == "response" && hasID:
				wantResult(t, j, string(frame.Data))
			case frame.Type == "complete" && frame.Result != nil:
				wantResult(t, j, string(frame.Result))
			case frame.Type == "complete":
				want(t, "failed", isOver(t, j).err == nil, true)
			case frame.Type == "error" && hasID:
				is := wantError(t, j, frame.Error.Code)
				want(t, "message", is.Message, frame.Error.Message)
				want(t, "retryable", is.Retryable, frame.Error.Retryable)
				want(t, "retry after", is.RetryAfter, frame.Error.retryAfter())
			case frame.Type == "progress":
				is := *j.progress
				want(t, "percentage", is.Percentage, frame.Percentage)
				want(t, "message", is.Message, frame.Message)
				want(t, "attempt", is.Attempt, frame.Attempt)
			default:
				wantPending(t, j)
			}
			if hasID && frame.Seq > 0 {
				want(t, "job", j.jobID, frame.JobID)
			}
		})
	}
}
