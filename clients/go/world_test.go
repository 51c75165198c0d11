package streamer

import (
	"encoding/json"
	"fmt"
	"maps"
	"testing"
	"time"
)

// world is an env in which nothing happens but what a test says: its time, its sockets, its luck.
type world struct {
	t        *testing.T
	time     time.Time
	timers   []*pending
	ids      int
	luck     float64
	peers    []*peer
	states   []State
	fetches  []fetching
	greeting map[string]any
	// silent: hellos are not answered by themselves.
	silent bool
	core   *core
}

type pending struct {
	at  time.Time
	run func()
	off bool
}

// peer is the server's side of a line.
type peer struct {
	w      *world
	line   *line
	sent   []map[string]any
	closed bool
	open   bool
	// frameBytes is the most of a frame, as the client told it.
	frameBytes int
}

const jobID = "Yc3kqQ0mXh7vR1bT5nLd8pWs2_A"

func newWorld(t *testing.T) *world {
	w := &world{t: t, time: time.Unix(1_700_000_000, 0), luck: 0.999999}
	w.greeting = map[string]any{"heartbeat_ms": 25_000, "max_age_ms": 7_200_000, "max_message_bytes": 131_072}
	w.core = newCore(w, true, waits{connection: waitUnsaid, answer: answerWaitUnsaid})
	return w
}

// connected gives a world with an open connection.
func connected(t *testing.T) *world {
	w := newWorld(t)
	w.core.connect()
	w.pass(0)
	return w
}

func (w *world) now() time.Time  { return w.time }
func (w *world) random() float64 { return w.luck }

func (w *world) after(wait time.Duration, run func()) func() {
	at := &pending{at: w.time.Add(max(wait, 0)), run: run}
	w.timers = append(w.timers, at)
	return func() { at.off = true }
}

func (w *world) newID() string {
	w.ids++
	return fmt.Sprintf("id-%d", w.ids)
}

func (w *world) dial(to *line) {
	p := &peer{w: w, line: to}
	w.peers = append(w.peers, p)
	to.opening()
	if !w.silent {
		w.after(0, p.accept)
	}
}

func (w *world) fetch(what fetching) { w.fetches = append(w.fetches, what) }
func (w *world) state(now State)     { w.states = append(w.states, now) }

func (w *world) changed(of *job) {
	for next := of.toTell(); next != nil; next = of.toTell() {
		of.wanted.onProgress(*next)
	}
}

// pass lets time pass, timer by timer.
func (w *world) pass(time time.Duration) {
	end := w.time.Add(time)
	for {
		var due *pending
		for _, one := range w.timers {
			if !one.off && !one.at.After(end) && (due == nil || one.at.Before(due.at)) {
				due = one
			}
		}
		if due == nil {
			break
		}
		due.off = true
		if due.at.After(w.time) {
			w.time = due.at
		}
		due.run()
	}
	w.time = end
}

// waiting is how many timers would still run.
func (w *world) waiting() int {
	count := 0
	for _, one := range w.timers {
		if !one.off {
			count++
		}
	}
	return count
}

func (w *world) last() *peer {
	w.t.Helper()
	if len(w.peers) == 0 {
		w.t.Fatal("no line was opened")
	}
	return w.peers[len(w.peers)-1]
}

func (w *world) names() []StateName {
	var names []StateName
	for _, state := range w.states {
		names = append(names, state.Name)
	}
	return names
}

func (p *peer) send(text []byte) {
	if p.closed {
		p.w.t.Errorf("sent on a closed socket: %s", text)
	}
	frame := map[string]any{}
	if err := json.Unmarshal(text, &frame); err != nil {
		p.w.t.Errorf("sent what is no JSON: %s", text)
	}
	p.sent = append(p.sent, frame)
	switch {
	case frame["type"] == "hello" && !p.w.silent:
		p.w.after(0, func() { p.welcome(nil) })
	case frame["type"] == "ping" && !p.w.silent:
		p.w.after(0, func() { p.give(map[string]any{"type": "pong"}) })
	}
}

func (p *peer) limitFrames(bytes int) { p.frameBytes = bytes }

func (p *peer) close() { p.closed, p.open = true, false }

func (p *peer) accept() {
	p.open = true
	p.line.opened(p)
}

func (p *peer) welcome(more map[string]any) {
	frame := map[string]any{"type": "welcome", "session": "s", "recovered": true, "jobs": []any{}}
	hellos := p.all("hello")
	frame["request_id"] = hellos[len(hellos)-1]["id"]
	maps.Copy(frame, p.w.greeting)
	maps.Copy(frame, more)
	p.give(frame)
}

func (p *peer) give(frame map[string]any) {
	text, err := json.Marshal(frame)
	if err != nil {
		p.w.t.Fatal(err)
	}
	p.text(string(text))
}

func (p *peer) text(text string) { p.line.text([]byte(text)) }

func (p *peer) end(code int, reason string) {
	p.line.closed(ending{code: code, reason: reason})
}

func (p *peer) refuse(status int) {
	p.line.closed(ending{code: closedWithout, reason: fmt.Sprintf("refused with %d", status), status: status})
}

func (p *peer) all(kind string) []map[string]any {
	var found []map[string]any
	for _, frame := range p.sent {
		if frame["type"] == kind {
			found = append(found, frame)
		}
	}
	return found
}

// newest gives the newest frame of this type.
func (p *peer) newest(kind string) map[string]any {
	p.w.t.Helper()
	all := p.all(kind)
	if len(all) == 0 {
		p.w.t.Fatalf("no %s was sent: %v", kind, p.sent)
	}
	return all[len(all)-1]
}

func (p *peer) answer(kind string, data any) {
	p.w.t.Helper()
	p.give(map[string]any{"type": "response", "request_id": p.newest(kind)["id"], "success": true, "data": data})
}

func (p *peer) refuseFrame(kind, code string, more map[string]any) {
	p.w.t.Helper()
	failed := map[string]any{"code": code, "message": "no", "retryable": false}
	maps.Copy(failed, more)
	p.give(map[string]any{"type": "error", "request_id": p.newest(kind)["id"], "error": failed})
}

// ask makes a request with the options that a caller would give.
func (w *world) ask(options ...RequestOption) *job {
	return w.askFor("report", `{"a":1}`, options...)
}

func (w *world) askFor(action, payload string, options ...RequestOption) *job {
	said := newSettings(w.core.waits)
	for _, option := range options {
		option.request(said)
	}
	said.frame.Action = action
	said.frame.Payload = json.RawMessage(payload)
	return w.core.request(said.requesting)
}

func (w *world) attach(jobID string, options ...AttachOption) *job {
	said := newSettings(w.core.waits)
	for _, option := range options {
		option.attach(said)
	}
	return w.core.attach(jobID, said.kinds, said.afterSeq, said.follow)
}

// running gives a job that is acknowledged on an open connection.
func running(t *testing.T, options ...RequestOption) (*world, *job) {
	w := connected(t)
	j := w.ask(options...)
	w.last().give(acknowledged(j, nil))
	return w, j
}

func acknowledged(j *job, more map[string]any) map[string]any {
	frame := map[string]any{"type": "acknowledgment", "request_id": j.requestID, "job_id": jobID, "status": "queued", "message": "queued"}
	maps.Copy(frame, more)
	return frame
}

// seq is the nth number of an epoch.
func seq(n int64, epoch ...int64) int64 {
	if len(epoch) > 0 {
		return epoch[0]*1_000_000_000 + n
	}
	return 1_000_000_000 + n
}

func numbered(kind string, n int64, more map[string]any) map[string]any {
	frame := map[string]any{"type": kind, "request_id": "r", "job_id": jobID, "seq": n}
	maps.Copy(frame, more)
	return frame
}

func progressed(n int64, percentage float64) map[string]any {
	return numbered("progress", n, map[string]any{"percentage": percentage, "message": fmt.Sprint("at ", percentage), "attempt": 1})
}

func happened(n int64, data any) map[string]any {
	return numbered("event", n, map[string]any{"name": "row", "data": data})
}

func completed(n int64) map[string]any {
	return numbered("complete", n, map[string]any{"success": true, "result": map[string]any{"ok": true}})
}

func failedWith(n int64, code string) map[string]any {
	return numbered("error", n, map[string]any{"error": map[string]any{"code": code, "message": "no", "retryable": false}})
}

func snapshotOf(more map[string]any) map[string]any {
	now := map[string]any{
		"job_id": jobID, "request_id": "r", "action": "report", "status": "running", "percentage": 10,
		"message": "early", "seq": seq(1), "attempt": 1, "created_at": 1732151990.5,
	}
	maps.Copy(now, more)
	return now
}

// isOver gives how a job ended; a test that asks too early fails.
func isOver(t *testing.T, j *job) outcome {
	t.Helper()
	if !j.isSettled {
		t.Fatal("it has not ended")
	}
	return *j.outcome
}

func wantResult(t *testing.T, j *job, want string) {
	t.Helper()
	is := isOver(t, j)
	if is.err != nil {
		t.Fatalf("it failed: %v", is.err)
	}
	if string(is.result) != want {
		t.Fatalf("its result is %s, not %s", is.result, want)
	}
}

func wantError(t *testing.T, j *job, code string) *Error {
	t.Helper()
	is := isOver(t, j)
	if is.err == nil {
		t.Fatalf("it did not fail, its result is %s", is.result)
	}
	if is.err.Code != code {
		t.Fatalf("it failed with %v, not %s", is.err, code)
	}
	return is.err
}

func wantPending(t *testing.T, j *job) {
	t.Helper()
	if j.ended || j.isSettled {
		t.Fatalf("it has ended: %+v", j.outcome)
	}
}

func want[T comparable](t *testing.T, what string, is, want T) {
	t.Helper()
	if is != want {
		t.Fatalf("%s: %v, not %v", what, is, want)
	}
}

func wantAll[T comparable](t *testing.T, what string, is, want []T) {
	t.Helper()
	if fmt.Sprint(is) != fmt.Sprint(want) {
		t.Fatalf("%s: %v, not %v", what, is, want)
	}
}

// readEvents takes what a reader would get now.
func readEvents(j *job) (rows []string, voids []int64, lost int) {
	for {
		switch next := j.events.next(); {
		case next.event != nil:
			rows = append(rows, string(next.event.Data))
		case next.void != nil:
			voids = append(voids, *next.void)
		case next.err != nil:
			lost += next.err.Details["count"].(int)
		default:
			return rows, voids, lost
		}
	}
}
