package streamer

import "time"

// Disconnect is what becomes of a job whose owner is away.
type Disconnect string

// What becomes of a job whose owner is away.
const (
	// DisconnectKeep: it goes on.
	DisconnectKeep Disconnect = "keep"
	// DisconnectCancel: it is cancelled when the owner stays away for the grace time.
	DisconnectCancel Disconnect = "cancel"
)

const (
	eventsUnsaid      = 1_000
	resultBytesUnsaid = 50 * 1024 * 1024
)

// settings are what the options of a request or an attachment say.
type settings struct {
	requesting
	onVoid   func(afterSeq int64)
	kinds    []FrameKind
	afterSeq int64
}

func newSettings(unsaid waits) *settings {
	follow := following{eventBuffer: eventsUnsaid, fetchResult: true, maxResultBytes: resultBytesUnsaid}
	return &settings{requesting: requesting{waits: unsaid, follow: follow}}
}

func (s *settings) limits() *limits {
	if s.frame.Options == nil {
		s.frame.Options = &limits{}
	}
	return s.frame.Options
}

// RequestOption is an option of Request.
type RequestOption interface{ request(s *settings) }

// AttachOption is an option of Attach.
type AttachOption interface{ attach(s *settings) }

// FollowOption is an option of both Request and Attach.
type FollowOption func(s *settings)

func (o FollowOption) request(s *settings) { o(s) }
func (o FollowOption) attach(s *settings)  { o(s) }

type requestOption func(s *settings)

func (o requestOption) request(s *settings) { o(s) }

type attachOption func(s *settings)

func (o attachOption) attach(s *settings) { o(s) }

// WithID gives the request's id: the same id, action and payload are one job. It is a fresh one unless said.
func WithID(id string) RequestOption {
	return requestOption(func(s *settings) { s.frame.ID = id })
}

// RetryJob says that the request is a job: where its answer was lost it is sent again, under its id.
func RetryJob() RequestOption {
	return requestOption(func(s *settings) { s.retry = true })
}

// WithMetadata is passed on to the handler.
func WithMetadata(metadata map[string]string) RequestOption {
	return requestOption(func(s *settings) { s.frame.Metadata = metadata })
}

// WithTraceparent gives the request's W3C trace context.
func WithTraceparent(traceparent string) RequestOption {
	return requestOption(func(s *settings) { s.frame.Traceparent = traceparent })
}

// WithDelay is the time from a job's acceptance to its earliest start.
func WithDelay(delay time.Duration) RequestOption {
	return requestOption(func(s *settings) { s.limits().DelayMs = inMillis(delay) })
}

// WithDeadline is the time from a job's acceptance to its end.
func WithDeadline(deadline time.Duration) RequestOption {
	return requestOption(func(s *settings) { s.limits().DeadlineMs = inMillis(deadline) })
}

// OnDisconnect says what becomes of the job while its owner is away; DisconnectKeep unless said.
func OnDisconnect(what Disconnect) RequestOption {
	return requestOption(func(s *settings) { s.limits().OnDisconnect = string(what) })
}

// WithWait is how long the request waits for a connection, without end if negative; the client's unless said.
func WithWait(wait time.Duration) RequestOption {
	return requestOption(func(s *settings) { s.waits.connection = wait })
}

// WithAnswerWait is the time until an answer or an acknowledgment must be there, without end if negative; the client's unless said.
func WithAnswerWait(wait time.Duration) RequestOption {
	return requestOption(func(s *settings) { s.waits.answer = wait })
}

// OnProgress hears of the newest progress, one call after the other, and never once Wait has come
// back. It must not wait for the job's end.
func OnProgress(listener func(Progress)) FollowOption {
	return func(s *settings) { s.follow.onProgress = listener }
}

// OnVoid is called between two events by whoever reads them: those with a greater Seq that were read
// are void, since the job runs again from before them.
func OnVoid(listener func(afterSeq int64)) FollowOption {
	return func(s *settings) { s.onVoid = listener }
}

// WithEventBuffer is how many events are kept for a reader; 1,000 unless said.
func WithEventBuffer(most int) FollowOption {
	return func(s *settings) { s.follow.eventBuffer = most }
}

// WithoutFetch leaves a large result where it is: an object with its result_url is the result.
func WithoutFetch() FollowOption {
	return func(s *settings) { s.follow.fetchResult = false }
}

// WithMaxResultBytes is the most bytes of a large result; 50 MB unless said.
func WithMaxResultBytes(most int64) FollowOption {
	return func(s *settings) { s.follow.maxResultBytes = most }
}

// WithFrames says which kinds of frames are wanted; all unless said. The end is always told.
func WithFrames(kinds ...FrameKind) AttachOption {
	return attachOption(func(s *settings) { s.kinds = append([]FrameKind{}, kinds...) })
}

// WithAfterSeq says that events up to this number are not wanted any more.
func WithAfterSeq(seq int64) AttachOption {
	return attachOption(func(s *settings) { s.afterSeq = seq })
}

func inMillis(time time.Duration) *int64 {
	ms := time.Milliseconds()
	return &ms
}
