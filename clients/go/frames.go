package streamer

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"time"
)

// JobStatus is how a job stands, as the server sees it.
type JobStatus string

// The states of a job.
const (
	StatusWaiting   JobStatus = "waiting"
	StatusQueued    JobStatus = "queued"
	StatusRunning   JobStatus = "running"
	StatusRetrying  JobStatus = "retrying"
	StatusSucceeded JobStatus = "succeeded"
	StatusFailed    JobStatus = "failed"
	StatusCancelled JobStatus = "cancelled"
	StatusTimedOut  JobStatus = "timed_out"
)

// Ended tells whether a job in this state is over.
func (s JobStatus) Ended() bool {
	switch s {
	case StatusSucceeded, StatusFailed, StatusCancelled, StatusTimedOut:
		return true
	}
	return false
}

// Snapshot is how a job stands.
type Snapshot struct {
	JobID      string    `json:"job_id"`
	RequestID  string    `json:"request_id"`
	Action     string    `json:"action"`
	Status     JobStatus `json:"status"`
	Percentage float64   `json:"percentage"`
	Message    string    `json:"message"`
	Seq        int64     `json:"seq"`
	Attempt    int       `json:"attempt"`
	// CreatedAt is in unix seconds.
	CreatedAt float64 `json:"created_at"`
}

// StatusAnswer is a snapshot with what the job ended with, if it has ended.
type StatusAnswer struct {
	Snapshot
	Result json.RawMessage
	// ResultURL is the address of a large result, from which anybody may fetch it for some time.
	ResultURL string
	// Error is what the job failed with.
	Error *Error
}

// statusAnswer is a StatusAnswer as a frame has it.
type statusAnswer struct {
	Snapshot
	Result    json.RawMessage `json:"result"`
	ResultURL string          `json:"result_url"`
	Error     *problem        `json:"error"`
}

func (a *statusAnswer) public() StatusAnswer {
	answer := StatusAnswer{Snapshot: a.Snapshot, Result: a.Result, ResultURL: a.ResultURL}
	if a.Error != nil {
		answer.Error = a.Error.toError(names{requestID: a.RequestID, jobID: a.JobID})
	}
	return answer
}

// attached is a job as a welcome or the answer to a subscription brings it.
type attached struct {
	Snapshot Snapshot       `json:"snapshot"`
	Events   []*serverFrame `json:"events"`
	// Next is there if there are more events than these.
	Next *int64 `json:"next"`
}

// serverFrame is any frame of the server: unknown types and fields are let pass.
type serverFrame struct {
	Type      string            `json:"type"`
	RequestID string            `json:"request_id"`
	JobID     string            `json:"job_id"`
	Seq       *int64            `json:"seq"`
	Data      json.RawMessage   `json:"data"`
	Status    string            `json:"status"`
	Snapshot  *Snapshot         `json:"snapshot"`
	Progress  float64           `json:"percentage"`
	Message   string            `json:"message"`
	Attempt   int               `json:"attempt"`
	Metadata  map[string]string `json:"metadata"`
	Name      string            `json:"name"`
	AfterSeq  int64             `json:"after_seq"`
	Result    json.RawMessage   `json:"result"`
	ResultURL string            `json:"result_url"`
	Error     *problem          `json:"error"`

	Jobs            []attached `json:"jobs"`
	Recovered       *bool      `json:"recovered"`
	Session         string     `json:"session"`
	HeartbeatMs     float64    `json:"heartbeat_ms"`
	MaxAgeMs        float64    `json:"max_age_ms"`
	MaxMessageBytes int        `json:"max_message_bytes"`
	MaxFrameBytes   int        `json:"max_frame_bytes"`
	ReconnectInMs   float64    `json:"reconnect_in_ms"`
}

// readFrame gives the frame of a text, or nil for what is none.
func readFrame(text []byte) *serverFrame {
	if first := bytes.TrimLeft(text, " \t\r\n"); len(first) == 0 || first[0] != '{' {
		return nil
	}
	frame := &serverFrame{}
	if readData(text, frame) != nil {
		return nil
	}
	return frame
}

// readData lets a field pass that a later version has of another type, like one that is unknown.
func readData(text []byte, into any) error {
	err := json.Unmarshal(text, into)
	var other *json.UnmarshalTypeError
	if errors.As(err, &other) {
		return nil
	}
	return err
}

// limits are a request's, as the protocol has them.
type limits struct {
	DelayMs      *int64 `json:"delay_ms,omitempty"`
	DeadlineMs   *int64 `json:"deadline_ms,omitempty"`
	OnDisconnect string `json:"on_disconnect,omitempty"`
}

// clientFrame is any frame that a client sends.
type clientFrame struct {
	Type        string            `json:"type"`
	ID          string            `json:"id,omitempty"`
	Action      string            `json:"action,omitempty"`
	Payload     json.RawMessage   `json:"payload,omitempty"`
	Metadata    map[string]string `json:"metadata,omitempty"`
	Traceparent string            `json:"traceparent,omitempty"`
	Options     *limits           `json:"options,omitempty"`
	JobID       string            `json:"job_id,omitempty"`
	RequestID   string            `json:"request_id,omitempty"`
	AfterSeq    *int64            `json:"after_seq,omitempty"`
	Frames      []FrameKind       `json:"frames,omitempty"`
	LastSeq     map[string]int64  `json:"last_seq,omitempty"`
}

func (f *clientFrame) text() []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	// what a page needs escaped only makes messages longer here
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(f); err != nil {
		// a payload was encoded before, and all else are strings and numbers
		panic(err)
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}

// FrameKind is a kind of a job's frames.
type FrameKind string

// The kinds of a job's frames.
const (
	KindProgress FrameKind = "progress"
	KindEvent    FrameKind = "event"
	KindTerminal FrameKind = "terminal"
)

// epochOf gives the part of a number that a worker that lost its job has lower than its successor.
func epochOf(seq int64) int64 {
	return seq / 1_000_000_000
}

func millis(ms float64) time.Duration {
	if most := float64(math.MaxInt64 / int64(time.Millisecond)); ms > most {
		return math.MaxInt64
	}
	return time.Duration(ms * float64(time.Millisecond))
}
