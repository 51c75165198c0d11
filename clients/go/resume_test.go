package streamer

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// cut cuts the line; the next one waits for the test's welcome.
func (w *world) cut() {
	w.t.Helper()
	w.silent = true
	w.last().end(1006, "cut")
	w.nextLine()
}

func (w *world) nextLine() {
	w.t.Helper()
	before := len(w.peers)
	for turn := 0; len(w.peers) == before; turn++ {
		if turn > 1_000 {
			w.t.Fatal("no next line")
		}
		w.pass(100 * time.Millisecond)
	}
	w.last().accept()
}

func (p *peer) lastSeq() map[string]int64 {
	found := map[string]int64{}
	named, _ := p.newest("hello")["last_seq"].(map[string]any)
	for jobID, seq := range named {
		found[jobID] = int64(seq.(float64))
	}
	return found
}

func wantLastSeq(t *testing.T, p *peer, wanted map[string]int64) {
	t.Helper()
	want(t, "last_seq", fmt.Sprint(p.lastSeq()), fmt.Sprint(wanted))
}

func attachedTo(snapshot map[string]any, events ...any) map[string]any {
	return map[string]any{"snapshot": snapshot, "events": append([]any{}, events...)}
}

func jobs(all ...any) map[string]any {
	return map[string]any{"jobs": all}
}

func TestTheNextHelloNamesTheJobAndWhatWasMissedIsAppliedOnce(t *testing.T) {
	var seen []Progress
	w, j := running(t, collect(&seen))
	w.last().give(happened(seq(1), "a"))
	w.last().give(progressed(seq(2), 20))
	w.cut()
	wantLastSeq(t, w.last(), map[string]int64{jobID: seq(2)})
	// a live frame in front of the welcome is held back
	w.last().give(happened(seq(5), "c"))
	now := snapshotOf(map[string]any{"percentage": 40, "seq": seq(4)})
	w.last().welcome(jobs(attachedTo(now, happened(seq(1), "a"), happened(seq(3), "b"))))
	w.last().give(happened(seq(5), "c"))
	w.last().give(completed(seq(6)))
	wantResult(t, j, `{"ok":true}`)
	rows, _, _ := readEvents(j)
	wantAll(t, "events", rows, []string{`"a"`, `"b"`, `"c"`})
	wantAll(t, "percentages", percentages(seen), []float64{20, 40})
}

func TestAnEndThatCameWhileNobodyWasThereFollowsTheWelcome(t *testing.T) {
	w, j := running(t)
	w.cut()
	w.last().welcome(jobs(attachedTo(snapshotOf(map[string]any{"status": "failed", "seq": seq(9)}))))
	w.last().give(failedWith(seq(9), "PROCESSING_FAILED"))
	wantError(t, j, "PROCESSING_FAILED")
	want(t, "asked", len(w.last().all("status")), 0)
}

func TestAJobFollowsItsClientOverAnyNumberOfLines(t *testing.T) {
	w, j := running(t)
	for turn := int64(1); turn < 20; turn++ {
		w.last().give(progressed(seq(turn), float64(turn)))
		w.cut()
		wantLastSeq(t, w.last(), map[string]int64{jobID: seq(turn)})
		w.last().welcome(jobs(attachedTo(snapshotOf(nil))))
	}
	w.last().give(completed(seq(100)))
	wantResult(t, j, `{"ok":true}`)
}

func TestMoreEventsThanAnAnswerHasAreAskedForAndLiveFramesWaitForThem(t *testing.T) {
	w, j := running(t)
	w.cut()
	first := attachedTo(snapshotOf(nil), happened(seq(1), 1), happened(seq(2), 2))
	first["next"] = seq(2)
	w.last().welcome(jobs(first))
	w.last().give(happened(seq(7), 7))
	want(t, "after_seq", int64(w.last().newest("subscribe")["after_seq"].(float64)), seq(2))
	second := attachedTo(snapshotOf(nil), happened(seq(3), 3))
	second["next"] = seq(3)
	w.last().answer("subscribe", second)
	want(t, "after_seq", int64(w.last().newest("subscribe")["after_seq"].(float64)), seq(3))
	w.last().answer("subscribe", attachedTo(snapshotOf(nil), happened(seq(4), 4)))
	w.last().give(completed(seq(8)))
	wantResult(t, j, `{"ok":true}`)
	rows, _, _ := readEvents(j)
	wantAll(t, "events", rows, []string{"1", "2", "3", "4", "7"})
}

func TestAnEndIsNotAskedForBeforeAllThatCameAheadOfItIsRead(t *testing.T) {
	w, j := running(t)
	over := snapshotOf(map[string]any{"status": "succeeded", "seq": seq(9)})
	told := map[string]any{"status": "succeeded", "result": map[string]any{"ok": true}}
	w.cut()
	first := attachedTo(over, happened(seq(1), 1))
	first["next"] = seq(1)
	w.last().welcome(jobs(first))
	w.pass(5 * time.Second)
	want(t, "asked", len(w.last().all("status")), 0)
	w.last().answer("subscribe", attachedTo(over))
	w.pass(2 * time.Second)
	want(t, "asked", len(w.last().all("status")), 1)
	// asked for on the next line, too, where there is more to be read
	w.cut()
	second := attachedTo(over, happened(seq(2), 2))
	second["next"] = seq(2)
	w.last().welcome(jobs(second))
	w.last().answer("status", snapshotOf(told))
	want(t, "ended", j.ended, false)
	w.last().answer("subscribe", attachedTo(over, happened(seq(3), 3)))
	w.pass(2 * time.Second)
	w.last().answer("status", snapshotOf(told))
	wantResult(t, j, `{"ok":true}`)
	rows, _, _ := readEvents(j)
	wantAll(t, "events", rows, []string{"1", "2", "3"})
}

func TestAHandleThatWasLetGoBeforeAllWasReadLeavesNothingBehind(t *testing.T) {
	w, j := running(t)
	w.cut()
	first := attachedTo(snapshotOf(map[string]any{"status": "succeeded", "seq": seq(9)}))
	first["next"] = seq(1)
	w.last().welcome(jobs(first))
	j.unsubscribe()
	w.core.close()
	w.pass(time.Minute)
	want(t, "waiting", w.waiting(), 0)
}

func TestOfMoreThan64JobsTheHelloNames64AndTheOthersAreSubscribedTo(t *testing.T) {
	w := connected(t)
	id := func(n int) string { return fmt.Sprintf("%04d%s", n, jobID[4:]) }
	for n := range 70 {
		var options []RequestOption
		if n >= 68 {
			options = append(options, OnDisconnect(DisconnectCancel))
		}
		w.last().give(acknowledged(w.ask(options...), map[string]any{"job_id": id(n)}))
	}
	w.cut()
	named := w.last().lastSeq()
	want(t, "named", len(named), 64)
	var all []any
	var found []string
	for jobID := range named {
		found = append(found, jobID)
		all = append(all, attachedTo(snapshotOf(map[string]any{"job_id": jobID})))
	}
	// those that need their owner go first
	want(t, "fragile ones", slices.Contains(found, id(68)) && slices.Contains(found, id(69)), true)
	w.last().welcome(jobs(all...))
	for _, frame := range w.last().all("subscribe") {
		found = append(found, frame["job_id"].(string))
	}
	slices.Sort(found)
	want(t, "followed", len(slices.Compact(found)), 70)
}

func TestFragileJobsWithoutRoomInTheHelloAreNamedInFurtherOnesOneAtATime(t *testing.T) {
	w := connected(t)
	for n := range 140 {
		w.last().give(acknowledged(w.ask(OnDisconnect(DisconnectCancel)), map[string]any{"job_id": fmt.Sprint("job-", n)}))
	}
	w.cut()
	var sizes []int
	found := map[string]bool{}
	welcome := func() {
		named := w.last().newest("hello")["last_seq"].(map[string]any)
		sizes = append(sizes, len(named))
		var all []any
		for jobID := range named {
			found[jobID] = true
			all = append(all, attachedTo(snapshotOf(map[string]any{"job_id": jobID})))
		}
		w.last().welcome(jobs(all...))
	}
	welcome()
	welcome()
	refused := w.last().newest("hello")
	w.last().refuseFrame("hello", "RATE_LIMITED", map[string]any{"retryable": true, "retry_after_ms": 700})
	w.pass(699 * time.Millisecond)
	want(t, "hellos", len(w.last().all("hello")), 3)
	w.pass(time.Millisecond)
	want(t, "again", fmt.Sprint(w.last().newest("hello")["last_seq"]), fmt.Sprint(refused["last_seq"]))
	welcome()
	want(t, "sizes", fmt.Sprint(sizes), "[64 64 12]")
	want(t, "found", len(found), 140)
	want(t, "hellos", len(w.last().all("hello")), 4)
	want(t, "subscribed", len(w.last().all("subscribe")), 0)
}

func TestAHelloThatIsRefusedForGoodIsFollowedBySubscriptions(t *testing.T) {
	w := connected(t)
	for n := range 66 {
		w.last().give(acknowledged(w.ask(OnDisconnect(DisconnectCancel)), map[string]any{"job_id": fmt.Sprint("job-", n)}))
	}
	w.cut()
	var all []any
	for jobID := range w.last().lastSeq() {
		all = append(all, attachedTo(snapshotOf(map[string]any{"job_id": jobID})))
	}
	w.last().welcome(jobs(all...))
	w.last().refuseFrame("hello", "VALIDATION_ERROR", nil)
	want(t, "subscribed", len(w.last().all("subscribe")), 2)
}

func TestAJobThatTheWelcomeLeavesOutIsAskedForOnceMoreAndIsNotFound(t *testing.T) {
	w, j := running(t)
	w.cut()
	w.last().welcome(map[string]any{"recovered": false})
	want(t, "job", w.last().newest("subscribe")["job_id"], any(jobID))
	w.last().refuseFrame("subscribe", "NOT_FOUND", nil)
	want(t, "job", wantError(t, j, "NOT_FOUND").JobID, jobID)
}

func TestAJobThatLivesAnewIsFollowedFromItsStartAndWhatWasSeenIsVoid(t *testing.T) {
	var seen []Progress
	w, j := running(t, collect(&seen))
	w.last().give(happened(seq(5, 4), "old"))
	w.last().give(progressed(seq(6, 4), 80))
	j.events.next()
	w.cut()
	now := snapshotOf(map[string]any{"seq": seq(2), "percentage": 15})
	w.last().welcome(map[string]any{"recovered": false, "jobs": []any{attachedTo(now, happened(seq(1), "new"))}})
	w.last().give(completed(seq(3)))
	wantResult(t, j, `{"ok":true}`)
	rows, voids, _ := readEvents(j)
	want(t, "seen", fmt.Sprint(rows, voids, percentages(seen)), `["new"] [0] [80 15]`)
}

func TestAJobWhoseStoredNumberIsBehindGoesOnWhereItWas(t *testing.T) {
	for _, recovered := range []bool{true, false} {
		w, j := running(t)
		w.last().give(happened(seq(59, 2), "read"))
		j.events.next()
		w.last().give(progressed(seq(60, 2), 80))
		w.cut()
		behind := seq(3)
		if !recovered {
			// the same epoch: another job is why it is not recovered
			behind = seq(3, 2)
		}
		w.last().welcome(map[string]any{"recovered": recovered, "jobs": []any{attachedTo(snapshotOf(map[string]any{"seq": behind}))}})
		w.last().give(completed(seq(61, 2)))
		wantResult(t, j, `{"ok":true}`)
		_, voids, _ := readEvents(j)
		want(t, "voids", len(voids), 0)
	}
}

func TestWhereSeveralJobsWereNamedOneThatMayLiveAnewIsAskedForAlone(t *testing.T) {
	w := connected(t)
	one, two := w.ask(), w.ask()
	w.last().give(acknowledged(one, map[string]any{"job_id": "job-1"}))
	w.last().give(acknowledged(two, map[string]any{"job_id": "job-2"}))
	far := progressed(seq(1, 3), 50)
	far["job_id"] = "job-1"
	w.last().give(far)
	w.cut()
	now := attachedTo(snapshotOf(map[string]any{"job_id": "job-1", "seq": seq(1)}))
	w.last().welcome(map[string]any{"recovered": false, "jobs": []any{now}})
	wantLastSeq(t, w.last(), map[string]int64{"job-1": seq(1, 3)})
	w.last().welcome(jobs(now))
	end := completed(seq(2, 3))
	end["job_id"] = "job-1"
	w.last().give(end)
	wantResult(t, one, `{"ok":true}`)
	wantPending(t, two)
}

func TestAttachFollowsAJobWithAllItsEventsThroughTheNextLineToo(t *testing.T) {
	w := connected(t)
	j := w.attach(jobID)
	asked := w.last().newest("subscribe")
	want(t, "subscribe", fmt.Sprint(asked["job_id"], asked["after_seq"], asked["frames"]), jobID+"0 <nil>")
	w.last().give(happened(seq(2), "b"))
	w.last().answer("subscribe", attachedTo(snapshotOf(map[string]any{"percentage": 30, "seq": seq(1)}), happened(seq(1), "a")))
	want(t, "names", fmt.Sprint(j.requestID, j.action, j.progress.Percentage), "rreport30")
	w.cut()
	want(t, "named", len(w.last().lastSeq()), 0)
	w.last().welcome(nil)
	want(t, "after_seq", int64(w.last().newest("subscribe")["after_seq"].(float64)), seq(2))
	w.last().answer("subscribe", attachedTo(snapshotOf(nil)))
	w.last().give(completed(seq(3)))
	wantResult(t, j, `{"ok":true}`)
}

func TestWhatWasHeldBackBehindAnEndStaysUntold(t *testing.T) {
	w := connected(t)
	j := w.attach(jobID)
	w.last().give(completed(seq(2)))
	w.last().give(progressed(seq(3), 50))
	w.last().answer("subscribe", attachedTo(snapshotOf(map[string]any{"status": "succeeded"})))
	wantResult(t, j, `{"ok":true}`)
	want(t, "progress", j.progress == nil, true)
}

func TestAttachAsksForTheFramesItIsToldToAndAlwaysHearsOfTheEnd(t *testing.T) {
	w := connected(t)
	var seen []Progress
	j := w.attach(jobID, WithFrames(KindProgress), WithAfterSeq(seq(4)), collect(&seen))
	asked := w.last().newest("subscribe")
	want(t, "frames", fmt.Sprint(asked["frames"]), "[terminal progress]")
	want(t, "after_seq", int64(asked["after_seq"].(float64)), seq(4))
	w.last().answer("subscribe", attachedTo(snapshotOf(map[string]any{"seq": seq(3)})))
	w.last().give(progressed(seq(5), 15))
	w.last().give(happened(seq(6), "x"))
	w.last().give(completed(seq(7)))
	wantResult(t, j, `{"ok":true}`)
	rows, _, _ := readEvents(j)
	want(t, "seen", fmt.Sprint(percentages(seen), rows), "[10 15] []")
}

func TestAnAttachThatIsRefusedFailsOneThatCannotBeAnsweredNowIsTriedAgain(t *testing.T) {
	w := connected(t)
	j := w.attach(jobID)
	w.last().refuseFrame("subscribe", "SERVICE_UNAVAILABLE", map[string]any{"retryable": true, "retry_after_ms": 700})
	w.pass(699 * time.Millisecond)
	want(t, "asked", len(w.last().all("subscribe")), 1)
	w.pass(time.Millisecond)
	want(t, "asked", len(w.last().all("subscribe")), 2)
	w.last().refuseFrame("subscribe", "NOT_FOUND", nil)
	wantError(t, j, "NOT_FOUND")
}

func TestTwoHandlesOfOneJobSeeAllOfItAndOnlyTheLastOneUnsubscribes(t *testing.T) {
	w := connected(t)
	one := w.attach(jobID)
	w.last().answer("subscribe", attachedTo(snapshotOf(nil), happened(seq(1), "a")))
	w.last().give(happened(seq(2), "b"))
	two := w.attach(jobID)
	w.last().answer("subscribe", attachedTo(snapshotOf(nil), happened(seq(1), "a"), happened(seq(2), "b")))
	w.last().give(happened(seq(3), "c"))
	for _, j := range []*job{one, two} {
		rows, _, _ := readEvents(j)
		wantAll(t, "events", rows, []string{`"a"`, `"b"`, `"c"`})
	}
	one.unsubscribe()
	wantError(t, one, CodeAborted)
	want(t, "unsubscribed", len(w.last().all("unsubscribe")), 0)
	w.last().give(happened(seq(4), "d"))
	rows, _, _ := readEvents(one)
	want(t, "events behind it", len(rows), 0)
	two.abort(nil)
	want(t, "unsubscribed", len(w.last().all("unsubscribe")), 1)
	want(t, "cancels", len(w.last().all("cancel")), 0)
}

func TestWhatIsAskedAndNotAnsweredWhenTheLineIsCutIsAskedAgain(t *testing.T) {
	w, j := running(t)
	var answer *statusAnswer
	j.status(func(is *statusAnswer, _ *problem) { answer = is })
	is := cancel(j)
	w.cut()
	w.last().welcome(jobs(attachedTo(snapshotOf(nil))))
	w.last().answer("status", snapshotOf(map[string]any{"percentage": 66}))
	want(t, "percentage", answer.Percentage, 66.0)
	w.last().answer("cancel", snapshotOf(nil))
	w.last().give(failedWith(seq(9), "CANCELLED"))
	want(t, "told", is.told, 1)
}

func TestWhatBelongsToALineIsNotSentOnTheNextOne(t *testing.T) {
	w := connected(t)
	j := w.attach(jobID)
	w.cut()
	w.last().welcome(nil)
	want(t, "subscribed", len(w.last().all("subscribe")), 1)
	w.last().answer("subscribe", attachedTo(snapshotOf(nil), happened(seq(1), "a")))
	rows, _, _ := readEvents(j)
	wantAll(t, "events", rows, []string{`"a"`})
}

func TestAnAcknowledgedJobWaitsForItsClientAsLongAsItTakes(t *testing.T) {
	w, j := running(t)
	w.silent = true
	w.last().end(1006, "")
	for range 50 {
		w.nextLine()
		w.last().end(1006, "")
	}
	wantPending(t, j)
	w.nextLine()
	w.last().welcome(jobs(attachedTo(snapshotOf(map[string]any{"status": "succeeded"}))))
	w.last().give(completed(seq(8)))
	wantResult(t, j, `{"ok":true}`)
}
