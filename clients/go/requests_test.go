package streamer

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestARequestCarriesWhatItIsGivenAndNothingElse(t *testing.T) {
	w := connected(t)
	w.askFor("echo", "", WithID("r-1"))
	w.askFor("report", `{"a":"<&>"}`, WithID("r-2"), WithMetadata(map[string]string{"k": "v"}), WithTraceparent("00-4bf9-00f0-01"),
		WithDelay(5*time.Millisecond), WithDeadline(10*time.Millisecond), OnDisconnect(DisconnectCancel))
	sent := w.last().all("request")
	want(t, "plain", fmt.Sprint(sent[0]), "map[action:echo id:r-1 type:request]")
	text, _ := json.Marshal(sent[1])
	want(t, "full", string(text), `{"action":"report","id":"r-2","metadata":{"k":"v"},"options":{"deadline_ms":10,"delay_ms":5,"on_disconnect":"cancel"},`+
		`"payload":{"a":"\u003c\u0026\u003e"},"traceparent":"00-4bf9-00f0-01","type":"request"}`)
	plain := (&clientFrame{Type: "request", Payload: json.RawMessage(`"<&>"`)}).text()
	want(t, "what a page needs escaped", string(plain), `{"type":"request","payload":"<&>"}`)
}

func TestAnswersThatOvertakeEachOtherReachTheirOwnRequests(t *testing.T) {
	w := connected(t)
	jobs := []*job{w.askFor("echo", "0"), w.askFor("echo", "1"), w.askFor("echo", "2")}
	for n := 2; n >= 0; n-- {
		w.last().give(map[string]any{"type": "response", "request_id": jobs[n].requestID, "data": n})
	}
	for n, j := range jobs {
		wantResult(t, j, fmt.Sprint(n))
	}
}

func TestAnErrorHasAllThatTheServerSays(t *testing.T) {
	w := connected(t)
	j := w.askFor("echo", "1", WithID("r"))
	w.last().refuseFrame("request", "RATE_LIMITED", map[string]any{
		"message": "slower", "retryable": true, "retry_after_ms": 250,
		"details": map[string]any{"limit": "requests", "error_id": "e-7", "may_have_started": true},
	})
	err := wantError(t, j, "RATE_LIMITED")
	want(t, "text", err.Error(), "RATE_LIMITED: slower")
	want(t, "error", fmt.Sprint(err.Retryable, err.RetryAfter, err.Details["limit"], err.RequestID, err.JobID, err.ErrorID, err.MayHaveStarted),
		"true 250msrequestsre-7true")
}

func TestARequestWhoseLineIsCutBeforeTheAnswerMayHaveRun(t *testing.T) {
	w := connected(t)
	j := w.askFor("charge", "1")
	w.last().end(1006, "cut")
	err := wantError(t, j, CodeConnectionLost)
	want(t, "error", fmt.Sprint(err.MayHaveStarted, err.Retryable), "true false")
	w.pass(2 * time.Second)
	want(t, "requests on the next line", len(w.last().all("request")), 0)
}

func TestAJobWhoseLineIsCutBeforeTheAnswerIsSentAgainUnderItsID(t *testing.T) {
	w := connected(t)
	j := w.ask(RetryJob())
	w.last().end(1006, "cut")
	w.pass(500 * time.Millisecond)
	want(t, "sent again", fmt.Sprint(w.peers[1].all("request")), fmt.Sprint(w.peers[0].all("request")))
	w.last().give(acknowledged(j, map[string]any{"status": "duplicate", "snapshot": snapshotOf(map[string]any{"percentage": 30})}))
	w.last().give(completed(seq(5)))
	wantResult(t, j, `{"ok":true}`)
	want(t, "percentage", j.progress.Percentage, 30.0)
}

func TestRequestsWaitForTheConnectionAndGoOutInTheirOrder(t *testing.T) {
	w := newWorld(t)
	for n := range 20 {
		w.askFor("echo", fmt.Sprint(n))
	}
	w.pass(0)
	for n, frame := range w.last().all("request") {
		want(t, "payload", frame["payload"], any(float64(n)))
	}
	want(t, "requests", len(w.last().all("request")), 20)
}

func TestARequestWaitsForAConnectionAsLongAsItSays(t *testing.T) {
	for _, one := range []struct {
		options []RequestOption
		wait    time.Duration
	}{{nil, 30 * time.Second}, {[]RequestOption{WithWait(50 * time.Millisecond)}, 50 * time.Millisecond}} {
		w := newWorld(t)
		w.silent = true
		j := w.ask(one.options...)
		endless := w.ask(WithWait(-1))
		w.last().refuse(500)
		w.pass(one.wait - 1)
		wantPending(t, j)
		w.pass(1)
		err := wantError(t, j, CodeNotConnected)
		want(t, "error", fmt.Sprint(err.Retryable, err.MayHaveStarted), "true false")
		w.pass(time.Hour)
		wantPending(t, endless)
	}
}

func TestWhatKeepsTheConnectionAwayIsToldToWhoWaitedForIt(t *testing.T) {
	w := newWorld(t)
	w.silent = true
	j := w.ask(WithWait(50 * time.Millisecond))
	w.last().refuse(503)
	w.pass(50 * time.Millisecond)
	if err := wantError(t, j, CodeNotConnected); !strings.Contains(err.Message, "refused with 503") {
		t.Fatal(err)
	}
}

func TestAThousandRequestsWaitOneMoreDoesNot(t *testing.T) {
	w := newWorld(t)
	w.silent = true
	for range 1_000 {
		wantPending(t, w.ask())
	}
	want(t, "retryable", wantError(t, w.ask(), CodeTooManyWaiting).Retryable, true)
}

func TestAnAnswerThatDoesNotComeWithinAMinuteIsLostAndAJobIsSentAgainTwiceBefore(t *testing.T) {
	w := connected(t)
	plain, job := w.askFor("echo", "1"), w.ask(RetryJob())
	quick := w.askFor("echo", "1", WithAnswerWait(time.Second))
	w.pass(time.Second)
	wantError(t, quick, CodeConnectionLost)
	w.pass(59 * time.Second)
	want(t, "may have started", wantError(t, plain, CodeConnectionLost).MayHaveStarted, true)
	want(t, "requests", len(w.last().all("request")), 4)
	w.pass(time.Minute)
	want(t, "requests", len(w.last().all("request")), 5)
	wantPending(t, job)
	w.pass(time.Minute)
	want(t, "retryable", wantError(t, job, CodeConnectionLost).Retryable, true)
}

func TestWhenAPIGatewayLostAFrameWhatMayBeRepeatedIsSentAgainAndTheRestHas30Seconds(t *testing.T) {
	w := connected(t)
	plain := w.askFor("echo", "1", WithID("plain"))
	w.ask(RetryJob(), WithID("job"))
	w.last().text(`{"message":"Internal server error"}`)
	sent := w.last().all("request")
	want(t, "requests", len(sent), 3)
	want(t, "the one sent again", sent[2]["id"], any("job"))
	w.pass(30*time.Second - 1)
	wantPending(t, plain)
	w.pass(1)
	wantError(t, plain, CodeConnectionLost)
}

func TestWhileAPIGatewayFailsAtEachFrameItIsSentOnceASecondAtMost(t *testing.T) {
	w := connected(t)
	plain := w.askFor("echo", "1", WithID("plain"))
	w.ask(RetryJob(), WithID("job"))
	for second := range 30 {
		wantPending(t, plain)
		for range 5 {
			w.last().text(`{"message":"Internal server error"}`)
		}
		want(t, "requests", len(w.last().all("request")), 3+second)
		w.pass(time.Second)
	}
	wantError(t, plain, CodeConnectionLost)
}

func TestAMessageOverTheLimitFailsBeforeItIsSent(t *testing.T) {
	frame := len((&clientFrame{Type: "request", ID: "r", Action: "echo", Payload: json.RawMessage(`""`)}).text())
	for _, one := range []struct {
		payload string
		fits    bool
	}{
		{strings.Repeat("x", 1_000-frame), true},
		{strings.Repeat("x", 1_001-frame), false},
		{strings.Repeat("ü", (1_000-frame)/2), true},
		{strings.Repeat("ü", (1_000-frame)/2+1), false},
	} {
		w := newWorld(t)
		w.greeting["max_message_bytes"] = 1_000
		j := w.askFor("echo", `"`+one.payload+`"`, WithID("r"))
		w.pass(0)
		want(t, "is sent", len(w.last().all("request")) == 1, one.fits)
		if !one.fits {
			is := wantError(t, j, "PAYLOAD_TOO_LARGE")
			want(t, "may have started", is.MayHaveStarted, false)
			want(t, "limit", is.Details["max_message_bytes"], any(1_000))
			want(t, "size", is.Details["size_bytes"], any(frame+len(one.payload)))
		}
	}
}

func TestTheServersLargestFrameIsTheSockets(t *testing.T) {
	w := newWorld(t)
	w.greeting["max_frame_bytes"] = 1_000
	w.askFor("echo", `"`+strings.Repeat("x", 2_000)+`"`)
	w.pass(0)
	want(t, "largest frame", w.last().frameBytes, 1_000)
	want(t, "requests", len(w.last().all("request")), 1)
}

func TestThroughAPIGatewayAnExpiredTokenIsReplacedAndTheRequestSentAgainOnce(t *testing.T) {
	w := connected(t)
	j := w.askFor("echo", "1")
	w.last().refuseFrame("request", "UNAUTHORIZED", nil)
	wantPending(t, j)
	w.pass(0)
	want(t, "lines", len(w.peers), 2)
	want(t, "requests", len(w.last().all("request")), 1)
	w.last().refuseFrame("request", "UNAUTHORIZED", nil)
	wantError(t, j, "UNAUTHORIZED")
}

func TestAnIDThatIsUnderWayHereIsNotSentTwice(t *testing.T) {
	w := connected(t)
	w.ask(WithID("r"))
	wantError(t, w.ask(WithID("r")), "DUPLICATE_REQUEST")
	want(t, "requests", len(w.last().all("request")), 1)
}

func TestTheSameRequestAgainFollowsTheJobFromItsFirstEvent(t *testing.T) {
	w, first := running(t, WithID("r"))
	w.last().give(progressed(seq(4), 50))
	again := w.ask(WithID("r"))
	w.last().give(acknowledged(again, map[string]any{"status": "duplicate", "snapshot": snapshotOf(nil)}))
	want(t, "after_seq", w.last().newest("subscribe")["after_seq"], any(0.0))
	w.last().answer("subscribe", map[string]any{"snapshot": snapshotOf(nil), "events": []any{happened(seq(2), "first")}})
	w.last().give(completed(seq(6)))
	wantResult(t, first, `{"ok":true}`)
	wantResult(t, again, `{"ok":true}`)
	rows, _, _ := readEvents(again)
	wantAll(t, "events", rows, []string{`"first"`})
}
