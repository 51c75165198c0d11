package streamer

import "time"

// Codes of this package's own; all others come from the server.
const (
	// CodeAborted: given up by its caller.
	CodeAborted = "ABORTED"
	// CodeClientClosed: the client was closed by its user.
	CodeClientClosed = "CLIENT_CLOSED"
	// CodeConnectionLost: the line was cut before an answer, or for good; what was asked may have been done.
	CodeConnectionLost = "CONNECTION_LOST"
	// CodeEventsLost: more events came than are kept for a reader.
	CodeEventsLost = "EVENTS_LOST"
	// CodeInvalidPayload: the payload cannot be written as JSON; nothing was sent.
	CodeInvalidPayload = "INVALID_PAYLOAD"
	// CodeNotConnected: no connection in time; nothing was sent.
	CodeNotConnected = "NOT_CONNECTED"
	// CodeResultTooLarge: a large result that is over the limit.
	CodeResultTooLarge = "RESULT_TOO_LARGE"
	// CodeResultUnavailable: a large result that could not be fetched.
	CodeResultUnavailable = "RESULT_UNAVAILABLE"
	// CodeResultUnreadable: a result that does not fit the type it is wanted as.
	CodeResultUnreadable = "RESULT_UNREADABLE"
	// CodeTooManyWaiting: 1,000 requests wait for a connection already.
	CodeTooManyWaiting = "TOO_MANY_WAITING"
)

// Codes that the server has too.
const (
	codeCancelled        = "CANCELLED"
	codeDuplicateRequest = "DUPLICATE_REQUEST"
	codePayloadTooLarge  = "PAYLOAD_TOO_LARGE"
	codeRateLimited      = "RATE_LIMITED"
	codeUnauthorized     = "UNAUTHORIZED"
)

// Error is the one type of error that handles and clients give; only the end of a context that a
// method was called with comes as that context's own error.
type Error struct {
	// Code is the server's error code, or one of this package's.
	Code    string
	Message string
	// Retryable tells whether the same request may succeed later.
	Retryable bool
	// RetryAfter is the time after which it may, where the server says so; else 0.
	RetryAfter time.Duration
	// Details is what else is known, never nil.
	Details   map[string]any
	RequestID string
	JobID     string
	// ErrorID finds the line in the server's log.
	ErrorID string
	// MayHaveStarted: the work may have been done, or be under way. Only the same id makes sure that it is done once.
	MayHaveStarted bool

	cause error
}

// Error gives the code and the message.
func (e *Error) Error() string {
	return e.Code + ": " + e.Message
}

// Unwrap gives what brought it about here, if anything did: the cause of a context, an error of JSON.
func (e *Error) Unwrap() error {
	return e.cause
}

// problem is what a frame says of a failure.
type problem struct {
	Code         string         `json:"code"`
	Message      string         `json:"message"`
	Retryable    bool           `json:"retryable"`
	RetryAfterMs *float64       `json:"retry_after_ms"`
	Details      map[string]any `json:"details"`

	cause error
}

// names are the ids that an error is told with.
type names struct{ requestID, jobID string }

func (p *problem) toError(of names) *Error {
	details := p.Details
	if details == nil {
		details = map[string]any{}
	}
	errorID, _ := details["error_id"].(string)
	mayHaveStarted, _ := details["may_have_started"].(bool)
	return &Error{
		Code:           p.Code,
		Message:        p.Message,
		Retryable:      p.Retryable,
		RetryAfter:     p.retryAfter(),
		Details:        details,
		RequestID:      of.requestID,
		JobID:          of.jobID,
		ErrorID:        errorID,
		MayHaveStarted: mayHaveStarted,
		cause:          p.cause,
	}
}

func (p *problem) retryAfter() time.Duration {
	if p.RetryAfterMs == nil {
		return 0
	}
	return millis(*p.RetryAfterMs)
}

func failure(code, message string) *problem {
	return &problem{Code: code, Message: message}
}

// mayHaveStarted says that what was asked may have been done.
func (p *problem) mayHaveStarted() *problem {
	p.Details = map[string]any{"may_have_started": true}
	return p
}

// orUnknown stands in for a failure that a frame does not name.
func (p *problem) orUnknown() *problem {
	if p == nil {
		return failure("INTERNAL_ERROR", "an error without a word")
	}
	return p
}
