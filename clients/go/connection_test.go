package streamer

import (
	"fmt"
	"testing"
	"time"
)

func TestItConnectsWithItsFirstRequestAndSaysHelloBeforeAnythingElse(t *testing.T) {
	w := newWorld(t)
	w.silent = true
	j := w.askFor("echo", `{}`)
	want(t, "lines", len(w.peers), 1)
	w.last().accept()
	want(t, "frames before the welcome", len(w.last().sent), 1)
	want(t, "the first", w.last().sent[0]["type"], any("hello"))
	w.last().welcome(w.greeting)
	want(t, "frames behind the welcome", len(w.last().sent), 2)
	w.last().answer("request", map[string]any{"n": 1})
	wantResult(t, j, `{"n":1}`)
	wantAll(t, "states", w.names(), []StateName{StateConnecting, StateOpen})
}

// waitsAfter tells how long a client waits before each of its next tries, when nothing lets it in any more.
func waitsAfter(t *testing.T, luck float64, first ending, then func(*peer), count int) []time.Duration {
	w := connected(t)
	w.luck = luck
	w.silent = true
	w.last().end(first.code, first.reason)
	var found []time.Duration
	for range count {
		state := w.core.link.state
		want(t, "state", state.Name, StateWaiting)
		wait := state.NextTry.Sub(w.time).Round(time.Millisecond)
		found = append(found, wait)
		w.pass(state.NextTry.Sub(w.time))
		then(w.last())
	}
	return found
}

func TestItComesBackInARandomTimeThatDoubles(t *testing.T) {
	jitter := []int{500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000}
	for _, one := range []struct {
		code int
		luck float64
		want []int
	}{
		{1006, 1, jitter},
		{1005, 1, jitter},
		{4999, 1, jitter},
		{1012, 1, []int{1_000, 2_000, 4_000, 8_000, 16_000, 30_000}},
		{1013, 1, []int{2_000, 4_000, 8_000, 16_000, 30_000}},
		{4429, 1, []int{2_000, 4_000, 8_000}},
		{1006, 0.25, []int{125, 250, 500}},
		{1012, 0.25, []int{250, 500}},
		{1013, 0.25, []int{1_250, 1_750, 2_750}},
	} {
		t.Run(fmt.Sprint(one.code, one.luck), func(t *testing.T) {
			found := waitsAfter(t, one.luck, ending{code: one.code}, func(p *peer) { p.end(one.code, "") }, len(one.want))
			for n, ms := range one.want {
				want(t, fmt.Sprint("wait ", n), found[n], time.Duration(ms)*time.Millisecond)
			}
		})
	}
}

func TestAHandshakeThatIsRefusedIsTriedAgainAsItsStatusSays(t *testing.T) {
	for status, second := range map[int]time.Duration{429: 4 * time.Second, 503: 4 * time.Second, 500: time.Second, 401: time.Second} {
		found := waitsAfter(t, 1, ending{code: 1006}, func(p *peer) { p.refuse(status) }, 2)
		want(t, fmt.Sprint("wait after ", status), found[1], second)
	}
	w := newWorld(t)
	w.silent = true
	w.core.connect()
	w.last().refuse(403)
	want(t, "state", w.core.link.state, State{Name: StateClosed, Reason: "refused with 403", Code: 1006})
}

func TestARefusalMaySayWhenToComeBack(t *testing.T) {
	w := newWorld(t)
	w.silent = true
	w.core.connect()
	w.last().line.closed(ending{code: 1006, status: 503, after: 7 * time.Second})
	want(t, "wait", w.core.link.state.NextTry.Sub(w.time), 7*time.Second)
}

func TestItComesBackAtOnceAndWaitsOnlyIfThatHappensAgain(t *testing.T) {
	for _, code := range []int{1001, 4408, 4401} {
		w := connected(t)
		w.luck = 1
		w.last().end(code, "")
		w.pass(0)
		want(t, "state", w.core.link.state.Name, StateOpen)
		want(t, "lines", len(w.peers), 2)
		w.last().end(code, "")
		want(t, "state", w.core.link.state.Name, StateWaiting)
		want(t, "wait", w.core.link.state.NextTry.Sub(w.time), time.Second)
	}
}

func TestWhereComingBackIsOfNoUseItStaysAwayAndSaysWhy(t *testing.T) {
	for _, code := range []int{1000, 1002, 1003, 1007, 1009, 4403, 4503} {
		w, j := running(t)
		w.last().end(code, "the reason")
		w.pass(2 * time.Minute)
		want(t, "state", w.core.link.state, State{Name: StateClosed, Reason: "the reason", Code: code})
		want(t, "lines", len(w.peers), 1)
		err := wantError(t, j, CodeConnectionLost)
		want(t, "may have started", err.MayHaveStarted, true)
		want(t, "job", err.JobID, jobID)
		want(t, "timers", w.waiting(), 0)
	}
}

func TestATokenThatIsATextAndRefusedEndsTheConnection(t *testing.T) {
	w := newWorld(t)
	w.core.link.newTokens = false
	w.silent = true
	w.core.connect()
	w.last().refuse(401)
	want(t, "state", w.core.link.state.Name, StateClosed)
	w.core.connect()
	w.last().accept()
	w.last().welcome(nil)
	w.last().end(4401, "token expired")
	want(t, "state", w.core.link.state.Reason, "token expired")
}

func TestAMinuteOfCalmMakesTheNextWaitAShortOneAgain(t *testing.T) {
	for _, one := range []struct {
		open time.Duration
		want time.Duration
	}{{59_999 * time.Millisecond, 8 * time.Second}, {time.Minute, 500 * time.Millisecond}} {
		w := connected(t)
		w.luck = 1
		w.last().end(1006, "")
		w.silent = true
		for range 3 {
			w.pass(w.core.link.state.NextTry.Sub(w.time))
			w.last().end(1006, "")
		}
		w.silent = false
		w.pass(w.core.link.state.NextTry.Sub(w.time))
		want(t, "state", w.core.link.state.Name, StateOpen)
		w.pass(one.open)
		w.last().end(1006, "")
		want(t, "wait", w.core.link.state.NextTry.Sub(w.time), one.want)
	}
}

func TestItPingsEachHeartbeatAndLeavesALineThatIsSilentForTwo(t *testing.T) {
	for _, every := range []time.Duration{25 * time.Second, 240 * time.Second} {
		w := newWorld(t)
		w.greeting["heartbeat_ms"] = every.Milliseconds()
		w.core.connect()
		w.pass(0)
		w.pass(3 * every)
		want(t, "pings", len(w.last().all("ping")), 3)
		w.silent = true
		w.pass(every)
		want(t, "lines", len(w.peers), 1)
		w.pass(every)
		want(t, "lines", len(w.peers), 2)
		want(t, "the silent one is closed", w.peers[0].closed, true)
	}
}

func TestAnyFrameCountsAsASignOfLife(t *testing.T) {
	w, _ := running(t)
	w.silent = true
	for n := range 6 {
		w.last().give(progressed(seq(int64(n+1)), float64(n)))
		w.pass(25 * time.Second)
	}
	want(t, "lines", len(w.peers), 1)
}

func TestASocketThatNeverSaysWelcomeIsGivenUp(t *testing.T) {
	w := newWorld(t)
	w.silent = true
	w.core.connect()
	w.last().accept()
	w.pass(15*time.Second - 1)
	want(t, "closed", w.last().closed, false)
	w.pass(1)
	want(t, "closed", w.peers[0].closed, true)
	want(t, "lines", len(w.peers), 2)
}

func TestAHelloThatIsRefusedIsFollowedByAnotherTry(t *testing.T) {
	for _, one := range []struct {
		code      string
		retryable bool
		state     StateName
	}{{"SERVICE_UNAVAILABLE", true, StateWaiting}, {"UNAUTHORIZED", false, StateWaiting}, {"VALIDATION_ERROR", false, StateClosed}} {
		w := newWorld(t)
		w.luck = 1
		w.silent = true
		w.core.connect()
		w.last().accept()
		w.last().refuseFrame("hello", one.code, map[string]any{"retryable": one.retryable, "retry_after_ms": 900})
		want(t, one.code, w.core.link.state.Name, one.state)
		if one.state == StateWaiting {
			want(t, "wait", w.core.link.state.NextTry.Sub(w.time), 900*time.Millisecond)
		}
	}
}

func TestAHelloThatAPIGatewayLostIsSaidAgain(t *testing.T) {
	w := newWorld(t)
	w.silent = true
	w.core.connect()
	w.last().accept()
	w.last().text(`{"message":"Internal server error","connectionId":"c=","requestId":"r="}`)
	want(t, "hellos", len(w.last().all("hello")), 2)
	w.last().welcome(nil)
	want(t, "state", w.core.link.state.Name, StateOpen)
}

func TestWhatIsNoFrameChangesNothing(t *testing.T) {
	w, j := running(t)
	for _, text := range []string{"", "no json", "null", "[1]", `"x"`, `{"type":"from-the-future","job_id":"y","request_id":"x"}`, ` `} {
		w.last().text(text)
	}
	w.last().text(fmt.Sprintf(`{"type":"progress","job_id":%q,"seq":%d,"percentage":40,"message":"m","attempt":1,"name":{"novel":1}}`, jobID, seq(3)))
	wantPending(t, j)
	want(t, "percentage", j.progress.Percentage, 40.0)
	want(t, "state", w.core.link.state.Name, StateOpen)
	want(t, "frames", len(w.last().sent), 2)
}

func TestAtAGoawayTheNextLineIsMadeBeforeTheLastOneIsLeft(t *testing.T) {
	w, j := running(t)
	old := w.last()
	old.give(map[string]any{"type": "goaway", "reason": "restart", "reconnect_in_ms": 1_500})
	w.pass(1_499 * time.Millisecond)
	want(t, "lines", len(w.peers), 1)
	w.silent = true
	w.pass(time.Millisecond)
	want(t, "lines", len(w.peers), 2)
	w.last().accept()
	want(t, "last_seq", fmt.Sprint(w.last().newest("hello")["last_seq"]), fmt.Sprintf("map[%s:0]", jobID))
	old.give(progressed(seq(1), 40))
	want(t, "percentage", j.progress.Percentage, 40.0)
	want(t, "the old one is closed", old.closed, false)
	w.last().welcome(nil)
	want(t, "the old one is closed", old.closed, true)
	wantAll(t, "states", w.names(), []StateName{StateConnecting, StateOpen, StateOpen})
}

func TestAtNineTenthsOfItsAgeTheNextLineIsMade(t *testing.T) {
	w := newWorld(t)
	w.greeting["max_age_ms"] = 100_000
	w.core.connect()
	w.pass(0)
	w.pass(89_999 * time.Millisecond)
	want(t, "lines", len(w.peers), 1)
	w.pass(time.Millisecond)
	want(t, "lines", len(w.peers), 2)
	want(t, "the old one is closed", w.peers[0].closed, true)
}

func TestAnAnswerThatIsStillToComeOnTheOldLineIsWaitedForTenSecondsAtMost(t *testing.T) {
	w := connected(t)
	old := w.last()
	quick, slow := w.askFor("echo", "1"), w.askFor("echo", "2")
	old.give(map[string]any{"type": "goaway", "reconnect_in_ms": 0})
	w.pass(0)
	want(t, "lines", len(w.peers), 2)
	want(t, "the old one is closed", old.closed, false)
	old.give(map[string]any{"type": "response", "request_id": quick.requestID, "data": "one"})
	wantResult(t, quick, `"one"`)
	w.pass(10 * time.Second)
	want(t, "may have started", wantError(t, slow, CodeConnectionLost).MayHaveStarted, true)
	want(t, "the old one is closed", old.closed, true)
}

func TestAJobThatIsAcknowledgedOnTheOldLineMovesToTheNewOne(t *testing.T) {
	w := connected(t)
	old := w.last()
	j := w.ask()
	old.give(map[string]any{"type": "goaway", "reconnect_in_ms": 0})
	w.pass(0)
	w.silent = true
	old.give(acknowledged(j, nil))
	want(t, "hellos", len(w.last().all("hello")), 2)
	want(t, "last_seq", fmt.Sprint(w.last().newest("hello")["last_seq"]), fmt.Sprintf("map[%s:0]", jobID))
	want(t, "the old one is closed", old.closed, true)
	w.last().give(completed(seq(3)))
	wantPending(t, j)
	w.last().welcome(map[string]any{"jobs": []any{map[string]any{"snapshot": snapshotOf(nil), "events": []any{}}}})
	wantResult(t, j, `{"ok":true}`)
}

func TestWhileTheNextLineCannotBeHadTheOldOneGoesOn(t *testing.T) {
	w := connected(t)
	old := w.last()
	w.silent = true
	old.give(map[string]any{"type": "goaway", "reconnect_in_ms": 100})
	w.pass(100 * time.Millisecond)
	w.last().refuse(403)
	want(t, "state", w.core.link.state.Name, StateOpen)
	j := w.askFor("echo", "1")
	old.give(map[string]any{"type": "response", "request_id": j.requestID, "data": 1})
	wantResult(t, j, "1")
	w.silent = false
	w.pass(30 * time.Second)
	want(t, "the old one is closed", old.closed, true)
}

func TestBehindAGoawayARestartWaitsForItsMoment(t *testing.T) {
	w := connected(t)
	w.last().give(map[string]any{"type": "goaway", "reconnect_in_ms": 3_000})
	w.pass(time.Second)
	w.last().end(1012, "")
	want(t, "wait", w.core.link.state.NextTry.Sub(w.time), 2*time.Second)
}

func TestWhoLeavesIsToldThatTheRestGoesOn(t *testing.T) {
	w, j := running(t)
	asked := w.askFor("echo", "1")
	w.core.close()
	want(t, "may have started", wantError(t, j, CodeClientClosed).MayHaveStarted, true)
	wantError(t, asked, CodeConnectionLost)
	want(t, "closed", w.last().closed, true)
	want(t, "timers", w.waiting(), 0)
	wantError(t, w.askFor("echo", "2"), CodeClientClosed)
	wantError(t, w.attach(jobID), CodeClientClosed)
	w.core.connect()
	w.pass(0)
	want(t, "state", w.core.link.state.Name, StateOpen)
}
