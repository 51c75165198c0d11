package streamer

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func collect(into *[]Progress) FollowOption {
	return OnProgress(func(now Progress) { *into = append(*into, now) })
}

func percentages(of []Progress) []float64 {
	var all []float64
	for _, one := range of {
		all = append(all, one.Percentage)
	}
	return all
}

func TestAJobIsFollowedToItsResult(t *testing.T) {
	var seen []Progress
	w, j := running(t, collect(&seen))
	want(t, "state", j.state, JobAccepted)
	w.pass(time.Second)
	first := progressed(seq(1), 25)
	first["metadata"] = map[string]string{"region": "eu"}
	w.last().give(first)
	want(t, "state", j.state, JobRunning)
	w.pass(time.Second)
	w.last().give(progressed(seq(2), 100))
	end := completed(seq(3))
	end["metadata"] = map[string]string{"pages": "3"}
	w.last().give(end)
	wantResult(t, j, `{"ok":true}`)
	want(t, "progress", fmt.Sprint(seen), "[{25 at 25 1 map[region:eu]} {100 at 100 1 map[]}]")
	want(t, "metadata", j.metadata["pages"], "3")
	want(t, "durations", j.durations, Durations{Started: time.Second, Ended: 2 * time.Second})
	want(t, "timers", w.waiting(), 2)
}

func TestAJobThatFailsTellsItsErrorWithBothOfItsIDs(t *testing.T) {
	w, j := running(t, WithID("r"))
	end := failedWith(seq(9), "PROCESSING_FAILED")
	end["error"].(map[string]any)["details"] = map[string]any{"reason": "CLOSED_TODAY"}
	w.last().give(end)
	err := wantError(t, j, "PROCESSING_FAILED")
	want(t, "error", fmt.Sprint(err.Details["reason"], err.RequestID, err.JobID, j.state), "CLOSED_TODAYr"+jobID+"failed")
}

func TestAnErrorWithoutANumberDoesNotEndTheJob(t *testing.T) {
	w, j := running(t)
	w.last().refuseFrame("request", "INTERNAL_ERROR", nil)
	wantPending(t, j)
	w.last().give(completed(seq(1)))
	wantResult(t, j, `{"ok":true}`)
}

func TestOnlyHigherNumbersAreApplied(t *testing.T) {
	for _, one := range []struct {
		what  string
		seq   int64
		shown []float64
	}{
		{"the same number", seq(5), []float64{50}},
		{"a lower number", seq(4), []float64{50}},
		{"a lower epoch", seq(999, 0), []float64{50}},
		{"a much higher number", seq(500_000), []float64{50, 90}},
		{"a higher epoch", seq(1, 2), []float64{50, 90}},
	} {
		var seen []Progress
		w, _ := running(t, collect(&seen))
		w.last().give(progressed(seq(5), 50))
		w.last().give(progressed(one.seq, 90))
		wantAll(t, one.what, percentages(seen), one.shown)
	}
}

func TestFramesOfAWorkerThatLostTheJobAreDropped(t *testing.T) {
	w, j := running(t)
	w.last().give(progressed(seq(1, 2), 20))
	w.last().give(progressed(seq(700, 1), 80))
	w.last().give(failedWith(seq(701, 1), "INTERNAL_ERROR"))
	w.last().give(completed(seq(2, 2)))
	wantResult(t, j, `{"ok":true}`)
	want(t, "percentage", j.progress.Percentage, 20.0)
}

func TestThePercentageNeverFallsAndTheAttemptTellsOfANewOne(t *testing.T) {
	var seen []Progress
	w, _ := running(t, collect(&seen))
	for n, percentage := range []float64{60, 10, 70} {
		frame := progressed(seq(1, int64(n+1)), percentage)
		frame["attempt"] = n + 1
		w.last().give(frame)
	}
	wantAll(t, "percentages", percentages(seen), []float64{60, 60, 70})
	want(t, "attempt", seen[1].Attempt, 2)
}

func TestTheEndComesOnceAndNothingBehindIt(t *testing.T) {
	var seen []Progress
	w, j := running(t, collect(&seen))
	w.last().give(completed(seq(3)))
	w.last().give(completed(seq(3)))
	w.last().give(failedWith(seq(4), "TIMEOUT"))
	w.last().give(progressed(seq(5), 5))
	w.last().give(happened(seq(6), 1))
	wantResult(t, j, `{"ok":true}`)
	want(t, "progress", len(seen), 0)
	rows, _, _ := readEvents(j)
	want(t, "events", len(rows), 0)
}

func TestANumberedFrameThatOvertakesTheAcknowledgmentStandsForIt(t *testing.T) {
	w := connected(t)
	j := w.ask(WithID("r"))
	w.last().give(progressed(seq(1), 10))
	want(t, "job", j.jobID, jobID)
	want(t, "percentage", j.progress.Percentage, 10.0)
	w.last().give(acknowledged(j, nil))
	w.last().give(completed(seq(2)))
	wantResult(t, j, `{"ok":true}`)
}

const lost = `{"message":"Internal server error","connectionId":"c=","requestId":"r="}`

// overtaken gives a job of which a frame came, and no acknowledgment.
func overtaken(t *testing.T) (*world, *job) {
	w := connected(t)
	j := w.ask(WithID("r"))
	w.last().give(progressed(seq(1), 10))
	return w, j
}

func TestALineOnWhichAHelloHasNoAnswerHoweverOftenItIsSaidIsGivenUp(t *testing.T) {
	w, _ := overtaken(t)
	w.silent = true
	line := w.last()
	line.text(lost)
	for range 9 {
		line.give(map[string]any{"type": "pong"})
		w.pass(20*time.Second - 1)
	}
	w.pass(8)
	want(t, "hellos", len(line.all("hello")), 4)
	want(t, "closed", line.closed, false)
	w.pass(1)
	want(t, "closed", line.closed, true)
	w.pass(0)
	w.last().accept()
	wantLastSeq(t, w.last(), map[string]int64{jobID: seq(1)})
}

func TestAJobWhoseAcknowledgmentMayBeLostIsTakenUpAgainOnTheSameLine(t *testing.T) {
	w, j := overtaken(t)
	w.silent = true
	w.last().text(lost)
	w.pass(0)
	want(t, "requests", len(w.last().all("request")), 1)
	hello := w.last().newest("hello")
	wantLastSeq(t, w.last(), map[string]int64{jobID: seq(1)})
	// nothing is heard of that hello either: it is sent again, and no other one
	w.last().text(lost)
	w.pass(time.Second)
	w.pass(0)
	want(t, "hellos", fmt.Sprint(w.last().all("hello")[1:]), fmt.Sprint([]any{hello, hello}))
	w.last().welcome(jobs(attachedTo(snapshotOf(nil))))
	w.last().text(lost)
	w.pass(0)
	want(t, "hellos", len(w.last().all("hello")), 3)
	w.last().give(progressed(seq(2), 20))
	want(t, "percentage", j.progress.Percentage, 20.0)
	w.last().give(completed(seq(3)))
	wantResult(t, j, `{"ok":true}`)
	want(t, "lines", len(w.peers), 1)
}

func TestAJobWhoseAcknowledgmentCameBehindItsFrameIsNotTakenUpAgain(t *testing.T) {
	w, j := overtaken(t)
	w.last().give(acknowledged(j, nil))
	w.last().text(lost)
	w.pass(0)
	want(t, "hellos", len(w.last().all("hello")), 1)
}

func TestAJobThatTheNextLineTookUpIsNotTakenUpAgain(t *testing.T) {
	w, _ := overtaken(t)
	w.cut()
	w.last().welcome(jobs(attachedTo(snapshotOf(nil))))
	w.last().text(lost)
	w.pass(0)
	want(t, "lines", len(w.peers), 2)
	want(t, "hellos", len(w.last().all("hello")), 1)
}

func TestEventsThatAreVoidAreNotReadAndWhoHasReadSomeIsTold(t *testing.T) {
	for _, one := range []struct {
		read  int
		after int64
		want  string
	}{
		{0, seq(2), "[1 2 33] []"},
		{2, seq(2), "[33] []"},
		{3, seq(2), "[33] [1000000002]"},
		{4, seq(2), "[33] [1000000002]"},
		{4, 0, "[33] [0]"},
	} {
		w, j := running(t)
		for n := range 4 {
			w.last().give(happened(seq(int64(n+1)), n+1))
		}
		for range one.read {
			j.events.next()
		}
		w.last().give(numbered("rewind", seq(1, 2), map[string]any{"after_seq": one.after}))
		w.last().give(happened(seq(2, 2), 33))
		rows, voids, _ := readEvents(j)
		want(t, fmt.Sprint("behind ", one.read), fmt.Sprint(rows, voids), one.want)
	}
}

func TestTwoRewindsBeforeTheReaderLooksAreOne(t *testing.T) {
	w, j := running(t)
	for n := range 4 {
		w.last().give(happened(seq(int64(n+1)), n+1))
		j.events.next()
	}
	w.last().give(numbered("rewind", seq(1, 2), map[string]any{"after_seq": seq(3)}))
	w.last().give(numbered("rewind", seq(1, 3), map[string]any{"after_seq": seq(1)}))
	w.last().give(numbered("rewind", seq(1, 4), map[string]any{"after_seq": seq(2)}))
	_, voids, _ := readEvents(j)
	wantAll(t, "voids", voids, []int64{seq(1)})
}

func TestOfEventsThatNobodyReadsTheLastAreKeptAndAReaderIsToldOfTheOthers(t *testing.T) {
	for buffer, options := range map[int][]RequestOption{0: {WithEventBuffer(0)}, 3: {WithEventBuffer(3)}, 1_000: nil} {
		w, j := running(t, options...)
		for n := range buffer + 2 {
			w.last().give(happened(seq(int64(n+1)), n+1))
		}
		w.last().give(completed(seq(9_999)))
		rows, _, lost := readEvents(j)
		want(t, "kept", len(rows), buffer)
		want(t, "lost", lost, 2)
		if buffer > 0 {
			want(t, "the first", rows[0], "3")
		}
	}
}

func TestStatusAsksTheServer(t *testing.T) {
	w, j := running(t)
	var is *statusAnswer
	var why *problem
	tell := func(answer *statusAnswer, failed *problem) { is, why = answer, failed }
	j.status(tell)
	want(t, "job", w.last().newest("status")["job_id"], any(jobID))
	w.last().answer("status", snapshotOf(map[string]any{"percentage": 77, "status": "failed", "error": map[string]any{"code": "TIMEOUT", "message": "late"}}))
	answer := is.public()
	want(t, "answer", fmt.Sprint(answer.Percentage, answer.Error.Code, answer.Error.JobID), "77TIMEOUT"+jobID)
	j.status(tell)
	w.last().refuseFrame("status", "NOT_FOUND", nil)
	want(t, "refused", why.Code, "NOT_FOUND")
	w.core.status(&clientFrame{Type: "status", RequestID: "r-9"}, tell)
	want(t, "request", w.last().newest("status")["request_id"], any("r-9"))
}

// cancelling tells how a cancel stands.
type cancelling struct {
	told int
	why  *problem
}

func cancel(j *job) *cancelling {
	is := &cancelling{}
	j.cancel(func(why *problem) { is.told, is.why = is.told+1, why })
	return is
}

func TestCancelWaitsForTheEndThatProvesIt(t *testing.T) {
	w, j := running(t)
	is := cancel(j)
	want(t, "job", w.last().newest("cancel")["job_id"], any(jobID))
	w.last().answer("cancel", snapshotOf(nil))
	want(t, "told", is.told, 0)
	w.last().give(failedWith(seq(9), "CANCELLED"))
	want(t, "told", is.told, 1)
	want(t, "state", j.state, JobCancelled)
	want(t, "told behind the end", cancel(j).told, 1)
}

func TestCancelSaysThatTheJobWasQuicker(t *testing.T) {
	w, j := running(t)
	is := cancel(j)
	w.last().give(completed(seq(9)))
	w.last().answer("cancel", snapshotOf(map[string]any{"status": "succeeded"}))
	want(t, "told", is.told, 1)
	want(t, "state", j.state, JobSucceeded)
}

func TestCancelIsNotSentBeforeTheAcknowledgmentAndNotAtAllForWhatWasNotSent(t *testing.T) {
	w := connected(t)
	j := w.ask()
	cancel(j)
	want(t, "cancels", len(w.last().all("cancel")), 0)
	w.last().give(acknowledged(j, nil))
	want(t, "cancels", len(w.last().all("cancel")), 1)

	away := newWorld(t)
	away.silent = true
	waiting := away.ask()
	want(t, "told", cancel(waiting).told, 1)
	wantError(t, waiting, "CANCELLED")
	want(t, "timers", len(away.core.asks.all), 0)
}

func TestWhatIsRefusedBecauseTooMuchIsUnderWayIsAskedAgain(t *testing.T) {
	w, j := running(t)
	refuse := func() {
		w.last().refuseFrame("cancel", "RATE_LIMITED", map[string]any{"retryable": true, "retry_after_ms": 25_000})
	}
	is := cancel(j)
	refuse()
	w.pass(25*time.Second - time.Millisecond)
	want(t, "asked", len(w.last().all("cancel")), 1)
	w.pass(time.Millisecond)
	want(t, "asked", len(w.last().all("cancel")), 2)
	refuse()
	w.pass(25 * time.Second)
	want(t, "asked", len(w.last().all("cancel")), 3)
	// for as long as an answer may take
	refuse()
	want(t, "why", is.why.Code, "RATE_LIMITED")
	wantPending(t, j)
}

func TestACancelThatIsRefusedSaysSo(t *testing.T) {
	w, j := running(t)
	is := cancel(j)
	w.last().refuseFrame("cancel", "FORBIDDEN", nil)
	want(t, "why", is.why.Code, "FORBIDDEN")
	wantPending(t, j)
	w.last().give(completed(seq(9)))
	want(t, "told", is.told, 1)
}

func TestAnEndThatWasThereBeforeAndIsNotToldAgainIsAskedFor(t *testing.T) {
	for status, check := range map[string]func(j *job){
		"succeeded": func(j *job) { wantResult(t, j, `{"n":1}`) },
		"failed":    func(j *job) { wantError(t, j, "TIMEOUT") },
	} {
		w := connected(t)
		j := w.ask()
		w.last().give(acknowledged(j, map[string]any{"status": "duplicate", "snapshot": snapshotOf(map[string]any{"status": status})}))
		w.pass(time.Second - 1)
		want(t, "asked", len(w.last().all("status")), 0)
		w.pass(1)
		w.last().refuseFrame("status", "SERVICE_UNAVAILABLE", map[string]any{"retryable": true})
		wantPending(t, j)
		w.last().give(acknowledged(j, nil))
		cancel(j)
		w.last().answer("cancel", snapshotOf(map[string]any{"status": status}))
		w.pass(time.Second)
		answer := snapshotOf(map[string]any{"status": status})
		if status == "failed" {
			answer["error"] = map[string]any{"code": "TIMEOUT", "message": "late", "retryable": true}
		} else {
			answer["result"] = map[string]any{"n": 1}
		}
		w.last().answer("status", answer)
		check(j)
	}
}

func TestAnAbortEndsTheWaitingAtOnceAndCancelsTheJob(t *testing.T) {
	var seen []Progress
	w, j := running(t, collect(&seen))
	cause := errors.New("the user left")
	j.abort(cause)
	want(t, "cause", errors.Is(wantError(t, j, CodeAborted), cause), true)
	want(t, "cancels", len(w.last().all("cancel")), 1)
	w.last().give(progressed(seq(1), 5))
	want(t, "progress", len(seen), 0)
	w.last().give(failedWith(seq(2), "CANCELLED"))
	wantError(t, j, CodeAborted)
	want(t, "followed", len(w.core.jobs), 0)
}

func TestAnAbortBeforeTheAcknowledgmentCancelsBehindIt(t *testing.T) {
	w := connected(t)
	j := w.ask()
	j.abort(nil)
	wantError(t, j, CodeAborted)
	want(t, "cancels", len(w.last().all("cancel")), 0)
	w.last().give(acknowledged(j, nil))
	want(t, "cancels", len(w.last().all("cancel")), 1)
}

func TestALargeResultIsFetchedAndBecomesTheResult(t *testing.T) {
	end := numbered("complete", seq(2), map[string]any{"success": true, "result_url": "http://x/1"})
	for _, one := range []struct {
		name string
		do   func(w *world, j *job)
	}{
		{"fetched", func(w *world, j *job) {
			want(t, "limit", w.fetches[0].mostBytes, 50*1024*1024)
			w.fetches[0].done([]byte(`{"big":1}`), nil)
			wantResult(t, j, `{"big":1}`)
		}},
		{"a fresh address", func(w *world, j *job) {
			var fresh string
			w.fetches[0].fresh(func(url string) { fresh = url })
			w.last().answer("status", snapshotOf(map[string]any{"status": "succeeded", "result_url": "http://x/2"}))
			want(t, "address", fresh, "http://x/2")
			w.fetches[0].done(nil, failure(CodeResultUnavailable, "no"))
			wantError(t, j, CodeResultUnavailable)
		}},
		{"nobody waits any more", func(w *world, j *job) {
			j.unsubscribe()
			wantError(t, j, CodeAborted)
			select {
			case <-w.fetches[0].until:
			default:
				t.Fatal("the fetch goes on")
			}
			w.fetches[0].done([]byte(`1`), nil)
			wantError(t, j, CodeAborted)
		}},
	} {
		t.Run(one.name, func(t *testing.T) {
			w, j := running(t)
			w.last().give(end)
			want(t, "state", j.state, JobSucceeded)
			want(t, "settled", j.isSettled, false)
			one.do(w, j)
		})
	}
	w, j := running(t, WithoutFetch())
	w.last().give(end)
	wantResult(t, j, `{"result_url":"http://x/1"}`)
	want(t, "fetches", len(w.fetches), 0)
}
