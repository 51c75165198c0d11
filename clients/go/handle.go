package streamer

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"maps"
)

// Job is a request, answered on the spot or a job, or a job that is followed; T is its result.
type Job[T any] struct {
	of      *job
	runtime *runtime
	onVoid  func(afterSeq int64)
}

// Request asks for an action and does not wait. A nil payload is none.
//
// The end of the context ends the waiting, and cancels the job.
func Request[T any](ctx context.Context, client *Client, action string, payload any, options ...RequestOption) *Job[T] {
	said := newSettings(client.core.waits)
	if client.traceparent != nil {
		said.frame.Traceparent = client.traceparent(ctx)
	}
	for _, option := range options {
		option.request(said)
	}
	said.frame.Action = action
	invalid := encode(payload, &said.frame.Payload)
	return follow[T](ctx, client, said, func() *job {
		switch {
		case invalid != nil:
			return client.core.failed(said.requesting, invalid)
		case ctx.Err() != nil:
			why := failure(CodeAborted, "aborted by its caller")
			why.cause = context.Cause(ctx)
			return client.core.failed(said.requesting, why)
		}
		return client.core.request(said.requesting)
	})
}

// Attach follows a job: one of the same user's, or of the tenant's with the permission jobs:read.
//
// The end of the context ends the waiting; the job goes on.
func Attach[T any](ctx context.Context, client *Client, jobID string, options ...AttachOption) *Job[T] {
	said := newSettings(client.core.waits)
	for _, option := range options {
		option.attach(said)
	}
	return follow[T](ctx, client, said, func() *job {
		return client.core.attach(jobID, said.kinds, said.afterSeq, said.follow)
	})
}

func follow[T any](ctx context.Context, client *Client, said *settings, start func() *job) *Job[T] {
	handle := &Job[T]{runtime: client.runtime, onVoid: said.onVoid}
	client.runtime.do(func() {
		j := start()
		handle.of = j
		if ctx.Done() != nil && !j.isSettled {
			stop := context.AfterFunc(ctx, func() {
				client.runtime.do(func() { j.abort(context.Cause(ctx)) })
			})
			j.whenSettled = append(j.whenSettled, func() { stop() })
		}
	})
	return handle
}

// Wait waits for the result. The end of its context ends this waiting alone.
func (j *Job[T]) Wait(ctx context.Context) (T, error) {
	var result T
	select {
	case <-j.of.settled:
	case <-ctx.Done():
		return result, ctx.Err()
	}
	var is outcome
	var of names
	j.runtime.do(func() { is, of = *j.of.outcome, j.of.names() })
	if is.err != nil {
		return result, is.err
	}
	if len(is.result) == 0 {
		return result, nil
	}
	if err := json.Unmarshal(is.result, &result); err != nil {
		unreadable := failure(CodeResultUnreadable, "the result is another than is wanted: "+err.Error())
		unreadable.cause = err
		return result, unreadable.toError(of)
	}
	return result, nil
}

// Done is closed when Wait has something to give.
func (j *Job[T]) Done() <-chan struct{} {
	return j.of.settled
}

// Accepted waits until the request is a job, and gives the job's id, or "" if it was answered on the spot.
func (j *Job[T]) Accepted(ctx context.Context) (string, error) {
	select {
	case <-j.of.accepted:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	var id string
	var err error
	j.runtime.do(func() {
		id = j.of.jobID
		if is := j.of.outcome; id == "" && is != nil && is.err != nil {
			err = is.err
		}
	})
	return id, err
}

// JobID is the job's id as soon as it is known, else "".
func (j *Job[T]) JobID() string {
	return look(j, func(of *job) string { return of.jobID })
}

// RequestID is the request's id, if it is known.
func (j *Job[T]) RequestID() string {
	return look(j, func(of *job) string { return of.requestID })
}

// Action is the action's name, if it is known.
func (j *Job[T]) Action() string {
	return look(j, func(of *job) string { return of.action })
}

// State is how the job stands as far as is known here.
func (j *Job[T]) State() JobState {
	return look(j, func(of *job) JobState { return of.state })
}

// Progress is the newest, if there was any.
func (j *Job[T]) Progress() (Progress, bool) {
	newest := look(j, func(of *job) *Progress { return of.progress })
	if newest == nil {
		return Progress{}, false
	}
	return *newest, true
}

// Metadata is what the job annotated its result with.
func (j *Job[T]) Metadata() map[string]string {
	return look(j, func(of *job) map[string]string { return maps.Clone(of.metadata) })
}

// Durations tell how long the job took.
func (j *Job[T]) Durations() Durations {
	return look(j, func(of *job) Durations { return of.durations })
}

func look[T, R any](j *Job[T], at func(of *job) R) R {
	var seen R
	j.runtime.do(func() { seen = at(j.of) })
	return seen
}

// Events gives the job's events, oldest first, each to one reader. What a later attempt voids is left
// out if it is not read yet.
//
// It ends with the job, whichever way. CodeEventsLost comes in between where more events came than
// are kept, and what follows are those that are left. The end of the context is given as its error.
func (j *Job[T]) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for {
			var next given
			var changed <-chan struct{}
			var of names
			if ctx.Err() != nil {
				yield(Event{}, ctx.Err())
				return
			}
			j.runtime.do(func() {
				next, changed, of = j.of.events.next(), j.of.events.changed, j.of.names()
			})
			switch {
			case next.void != nil:
				if j.onVoid != nil {
					j.onVoid(*next.void)
				}
			case next.err != nil:
				if !yield(Event{}, next.err.toError(of)) {
					return
				}
			case next.event != nil:
				if !yield(*next.event, nil) {
					return
				}
			case next.over:
				return
			default:
				select {
				case <-changed:
				case <-ctx.Done():
				}
			}
		}
	}
}

// Status asks the server how the job stands.
func (j *Job[T]) Status(ctx context.Context) (StatusAnswer, error) {
	answer, err := await(ctx, j.runtime, look(j, (*job).names), j.of.status)
	if err != nil {
		return StatusAnswer{}, err
	}
	return answer.public(), nil
}

// Cancel asks for the job to stop, and waits for its end: true if it was cancelled, false if it ended
// otherwise before. The end of the context ends the waiting alone.
func (j *Job[T]) Cancel(ctx context.Context) (bool, error) {
	start := func(tell func(bool, *problem)) {
		j.of.cancel(func(why *problem) { tell(j.of.state == JobCancelled, why) })
	}
	return await(ctx, j.runtime, look(j, (*job).names), start)
}

// Unsubscribe follows the job no longer: Wait gives CodeAborted. The job itself goes on.
func (j *Job[T]) Unsubscribe() {
	j.runtime.do(j.of.unsubscribe)
}

// encode writes a payload as other clients do: what a page needs escaped stays as it is.
func encode(payload any, into *json.RawMessage) *problem {
	if payload == nil {
		return nil
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(payload); err != nil {
		invalid := failure(CodeInvalidPayload, "the payload cannot be written as JSON: "+err.Error())
		invalid.cause = err
		return invalid
	}
	*into = bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	return nil
}
