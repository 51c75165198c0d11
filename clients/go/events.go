package streamer

import (
	"encoding/json"
	"fmt"
)

// Event is a piece of a job's output.
type Event struct {
	Name string
	Data json.RawMessage
	Seq  int64
}

// Decode reads the event's data.
func (e Event) Decode(into any) error {
	return json.Unmarshal(e.Data, into)
}

// eventQueue holds events for their reader: so many at most, the oldest go first.
type eventQueue struct {
	most    int
	waiting []Event
	// read is the highest number that a reader has.
	read int64
	// void is a number behind which what was read is void, and the reader does not know.
	void    *int64
	dropped int
	over    bool
	// changed is closed when there is something new.
	changed chan struct{}
}

func newEventQueue(most int) *eventQueue {
	return &eventQueue{most: most, changed: make(chan struct{})}
}

func (q *eventQueue) push(event Event) {
	if q.over {
		return
	}
	if len(q.waiting) >= q.most {
		q.dropped++
		if len(q.waiting) == 0 {
			q.wake()
			return
		}
		q.drop()
	}
	q.waiting = append(q.waiting, event)
	q.wake()
}

// rewind forgets what a run that starts again will give once more.
func (q *eventQueue) rewind(afterSeq int64) {
	kept := q.waiting[:0:0]
	for _, event := range q.waiting {
		if event.Seq <= afterSeq {
			kept = append(kept, event)
		}
	}
	q.waiting = kept
	if q.read > afterSeq && !q.over {
		q.read = afterSeq
		q.void = &afterSeq
		q.wake()
	}
}

// drop takes the oldest out, and lets go of what it holds.
func (q *eventQueue) drop() {
	q.waiting[0] = Event{}
	q.waiting = q.waiting[1:]
}

func (q *eventQueue) end() {
	if !q.over {
		q.over = true
		q.wake()
	}
}

func (q *eventQueue) wake() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// given is what a reader gets next: one of these, or nothing yet if all are zero.
type given struct {
	event *Event
	void  *int64
	err   *problem
	over  bool
}

func (q *eventQueue) next() given {
	if q.void != nil {
		void := q.void
		q.void = nil
		return given{void: void}
	}
	if q.dropped > 0 {
		lost := failure(CodeEventsLost, fmt.Sprintf("%d events were not read in time", q.dropped))
		lost.Details = map[string]any{"count": q.dropped}
		q.dropped = 0
		return given{err: lost}
	}
	if len(q.waiting) > 0 {
		event := q.waiting[0]
		q.drop()
		q.read = event.Seq
		return given{event: &event}
	}
	return given{over: q.over}
}
