package streamer

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

const (
	waitUnsaid       = 30 * time.Second
	answerWaitUnsaid = time.Minute
	closeLimit       = time.Second
)

// Options of a client. The token alone must be there.
type Options struct {
	// Token is asked before each connect.
	Token TokenSource
	// Wait is how long a request waits for a connection; 30 s if 0, without end if negative.
	Wait time.Duration
	// AnswerWait is the time until an answer or an acknowledgment must be there; 1 min if 0, without end if negative.
	AnswerWait time.Duration
	// OnState hears each change of the connection's state, one after the other. If it does not
	// return, the newest 64 are kept for it.
	OnState func(State)
	// Logger hears of the connection; of nothing if nil.
	Logger *slog.Logger
	// Traceparent gives the W3C trace context of a request's context, or "".
	Traceparent func(ctx context.Context) string
	// HTTPClient opens the connection and fetches large results; http.DefaultClient if nil.
	HTTPClient *http.Client
}

// Client is a client of Streamer's gateway. It connects with its first request.
type Client struct {
	runtime     *runtime
	core        *core
	traceparent func(ctx context.Context) string
}

// New makes a client for an address such as wss://api.example.com/ws.
func New(address string, options Options) (*Client, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("streamer: the address is none")
	}
	switch parsed.Scheme {
	case "ws", "wss", "http", "https":
	default:
		return nil, errors.New("streamer: the address begins with ws:// or wss://")
	}
	if options.Token == nil {
		return nil, errors.New("streamer: Options.Token is missing")
	}
	if options.HTTPClient == nil {
		options.HTTPClient = http.DefaultClient
	}
	world := &runtime{
		dialing: dialing{url: address, http: options.HTTPClient, token: options.Token},
		log:     options.Logger,
		onState: options.OnState,
		sockets: map[*wsSocket]struct{}{},
	}
	_, isStatic := options.Token.(StaticToken)
	limits := waits{connection: orElse(options.Wait, waitUnsaid), answer: orElse(options.AnswerWait, answerWaitUnsaid)}
	return &Client{runtime: world, core: newCore(world, !isStatic, limits), traceparent: options.Traceparent}, nil
}

func orElse(given, unsaid time.Duration) time.Duration {
	if given == 0 {
		return unsaid
	}
	return given
}

// Connect connects without a request, and again after the connection was closed for good. It does not wait.
func (c *Client) Connect() {
	c.runtime.do(c.core.connect)
}

// Close leaves. What is not answered fails; jobs go on without this client. It waits at most a second
// for the connection to be closed.
func (c *Client) Close() {
	c.runtime.do(c.core.close)
	c.runtime.flush(closeLimit)
}

// State is how the connection stands.
func (c *Client) State() State {
	var now State
	c.runtime.do(func() { now = c.core.link.state })
	return now
}

// Status tells how a job stands: any that the caller may see.
func (c *Client) Status(ctx context.Context, jobID string) (StatusAnswer, error) {
	return c.status(ctx, &clientFrame{Type: "status", JobID: jobID})
}

// RequestStatus tells how the job of one's own request stands.
func (c *Client) RequestStatus(ctx context.Context, requestID string) (StatusAnswer, error) {
	return c.status(ctx, &clientFrame{Type: "status", RequestID: requestID})
}

func (c *Client) status(ctx context.Context, asked *clientFrame) (StatusAnswer, error) {
	of := names{requestID: asked.RequestID, jobID: asked.JobID}
	answer, err := await(ctx, c.runtime, of, func(tell func(*statusAnswer, *problem)) { c.core.status(asked, tell) })
	if err != nil {
		return StatusAnswer{}, err
	}
	return answer.public(), nil
}

// await starts something in the core and waits for what it tells.
func await[R any](ctx context.Context, in *runtime, of names, start func(tell func(R, *problem))) (R, error) {
	type told struct {
		what R
		why  *problem
	}
	answer := make(chan told, 1)
	in.do(func() { start(func(what R, why *problem) { answer <- told{what, why} }) })
	var none R
	select {
	case is := <-answer:
		if is.why != nil {
			return none, is.why.toError(of)
		}
		return is.what, nil
	case <-ctx.Done():
		return none, ctx.Err()
	}
}
