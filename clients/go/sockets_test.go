package streamer

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// limit is how long a test waits for what must come.
const limit = 20 * time.Second

// gateway is a server on real sockets that answers as a test says.
type gateway struct {
	*httptest.Server
	mu sync.Mutex
	// tokens are those that came.
	tokens []string
	// refusals are the statuses with which the next handshakes are answered.
	refusals []int
	answer   func(frame map[string]any, give func(map[string]any))
	closed   chan websocket.StatusCode
	// frameBytes is what its welcome tells of the largest frame.
	frameBytes int
	// came is what clients sent, byte by byte.
	came *tap
}

// tap is a listener that keeps what its connections read.
type tap struct {
	net.Listener
	mu   sync.Mutex
	kept bytes.Buffer
}

type tapped struct {
	net.Conn
	to *tap
}

func (t *tap) Accept() (net.Conn, error) {
	conn, err := t.Listener.Accept()
	return &tapped{conn, t}, err
}

func (c *tapped) Read(into []byte) (int, error) {
	n, err := c.Conn.Read(into)
	c.to.mu.Lock()
	defer c.to.mu.Unlock()
	c.to.kept.Write(into[:n])
	return n, err
}

// frames are the lengths of the frames of the one connection that there was.
func (t *tap) frames() []int {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, rest, _ := bytes.Cut(t.kept.Bytes(), []byte("\r\n\r\n"))
	var lengths []int
	for len(rest) > 1 {
		length, head := int(rest[1]&0x7f), 2
		switch length {
		case 126:
			length, head = int(binary.BigEndian.Uint16(rest[2:])), 4
		case 127:
			length, head = int(binary.BigEndian.Uint64(rest[2:])), 10
		}
		lengths = append(lengths, length)
		// the mask has four bytes
		rest = rest[min(head+4+length, len(rest)):]
	}
	return lengths
}

func newGateway(t *testing.T) *gateway {
	g := &gateway{closed: make(chan websocket.StatusCode, 8), answer: echo}
	g.Server = httptest.NewUnstartedServer(http.HandlerFunc(g.serve))
	g.came = &tap{Listener: g.Listener}
	g.Listener = g.came
	g.Start()
	t.Cleanup(g.Close)
	return g
}

func echo(frame map[string]any, give func(map[string]any)) {
	give(map[string]any{"type": "response", "request_id": frame["id"], "success": true, "data": frame["payload"]})
}

func (g *gateway) serve(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	g.tokens = append(g.tokens, r.Header.Get("Authorization"))
	var refusal int
	if len(g.refusals) > 0 {
		refusal, g.refusals = g.refusals[0], g.refusals[1:]
	}
	g.mu.Unlock()
	if refusal != 0 {
		w.WriteHeader(refusal)
		return
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{subprotocol}})
	if err != nil {
		return
	}
	conn.SetReadLimit(1 << 20)
	give := func(frame map[string]any) {
		text, _ := json.Marshal(frame)
		_ = conn.Write(context.Background(), websocket.MessageText, text)
	}
	for {
		_, text, err := conn.Read(context.Background())
		if err != nil {
			g.closed <- websocket.CloseStatus(err)
			return
		}
		var frame map[string]any
		_ = json.Unmarshal(text, &frame)
		switch frame["type"] {
		case "hello":
			welcome := map[string]any{"type": "welcome", "request_id": frame["id"], "session": "s", "heartbeat_ms": 25_000, "max_age_ms": 7_200_000, "max_message_bytes": 131_072, "jobs": []any{}, "recovered": true}
			if g.frameBytes > 0 {
				welcome["max_frame_bytes"] = g.frameBytes
			}
			give(welcome)
		case "bye":
			_ = conn.Close(4403, "forbidden")
		default:
			g.answer(frame, give)
		}
	}
}

func (g *gateway) client(t *testing.T, options Options) *Client {
	if options.Token == nil {
		options.Token = StaticToken("secret-token")
	}
	client, err := New("ws"+strings.TrimPrefix(g.URL, "http")+"/ws", options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func limited(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// until waits for what a test cannot be told of.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never held that ", what)
		}
	}
}

func wantCode(t *testing.T, err error, code string) *Error {
	t.Helper()
	var is *Error
	if !errors.As(err, &is) || is.Code != code {
		t.Fatalf("%v, not %s", err, code)
	}
	return is
}

func TestARequestIsAnsweredOverARealSocket(t *testing.T) {
	g := newGateway(t)
	client := g.client(t, Options{})
	ctx := limited(t)
	type page struct{ N int }
	is, err := Request[page](ctx, client, "echo", page{7}).Wait(ctx)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "result", is.N, 7)
	want(t, "token", g.tokens[0], "Bearer secret-token")
	want(t, "state", client.State().Name, StateOpen)
	client.Close()
	want(t, "close code", <-g.closed, websocket.StatusNormalClosure)
	want(t, "state", client.State().Name, StateClosed)
}

func TestALongMessageArrivesWhole(t *testing.T) {
	g := newGateway(t)
	client := g.client(t, Options{})
	ctx := limited(t)
	for _, length := range []int{mostFrameBytes - 100, mostFrameBytes, mostFrameBytes + 1, 2 * mostFrameBytes, 100_000} {
		text := strings.Repeat("x", length)
		is, err := Request[string](ctx, client, "echo", text).Wait(ctx)
		if err != nil || is != text {
			t.Fatalf("of %d: %d, %v", length, len(is), err)
		}
	}
}

func TestALongMessageGoesInFramesThatTheServerTakes(t *testing.T) {
	for _, said := range []int{0, 5_000} {
		g := newGateway(t)
		g.frameBytes = said
		ctx := limited(t)
		if _, err := Request[string](ctx, g.client(t, Options{}), "echo", strings.Repeat("x", 100_000)).Wait(ctx); err != nil {
			t.Fatal(err)
		}
		most := said
		if said == 0 {
			most = mostFrameBytes
		}
		want(t, "largest frame", slices.Max(g.came.frames()), most)
	}
}

func TestATokenFunctionIsAskedAgainWhenATokenIsRefused(t *testing.T) {
	g := newGateway(t)
	g.refusals = []int{http.StatusUnauthorized}
	var asked int
	var log bytes.Buffer
	client := g.client(t, Options{
		Token:  TokenFunc(func(context.Context) (string, error) { asked++; return fmt.Sprint("token-", asked), nil }),
		Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	ctx := limited(t)
	if _, err := Request[int](ctx, client, "echo", 1).Wait(ctx); err != nil {
		t.Fatal(err)
	}
	wantAll(t, "tokens", g.tokens, []string{"Bearer token-1", "Bearer token-2"})
	client.Close()
	until(t, "all is told", func() (told bool) {
		client.runtime.do(func() { told = !client.runtime.telling })
		return told
	})
	if text := log.String(); !strings.Contains(text, "refused with 401") || !strings.Contains(text, "session=s") || strings.Contains(text, "token-") {
		t.Fatal(text)
	}
}

func TestATokenFunctionThatFailsIsTheReason(t *testing.T) {
	g := newGateway(t)
	client := g.client(t, Options{Token: TokenFunc(func(context.Context) (string, error) { return "", errors.New("no vault") })})
	ctx := limited(t)
	_, err := Request[int](ctx, client, "echo", 1, WithWait(50*time.Millisecond)).Wait(ctx)
	if is := wantCode(t, err, CodeNotConnected); !strings.Contains(is.Message, "no vault") {
		t.Fatal(is)
	}
}

func TestNobodyPrintsATokenByChance(t *testing.T) {
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(format, Options{Token: StaticToken("secret-token")}); strings.Contains(text, "secret") {
			t.Fatal(text)
		}
	}
}

func TestAServerThatIsNotThereIsToldWithoutItsAddress(t *testing.T) {
	g := newGateway(t)
	address := "ws" + strings.TrimPrefix(g.URL, "http") + "/ws?token=secret"
	g.Close()
	client, err := New(address, Options{Token: StaticToken("t")})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, err = Request[int](limited(t), client, "echo", 1, WithWait(100*time.Millisecond)).Wait(limited(t))
	if is := wantCode(t, err, CodeNotConnected); strings.Contains(is.Message, "secret") {
		t.Fatal(is)
	}
}

func TestAnAddressThatIsNoneAndAMissingTokenAreToldAtOnce(t *testing.T) {
	for _, address := range []string{"", "example.com", "ftp://x", "ws://%zz"} {
		if _, err := New(address, Options{Token: StaticToken("t")}); err == nil {
			t.Fatal(address)
		}
	}
	if _, err := New("ws://localhost", Options{}); err == nil {
		t.Fatal("without a token")
	}
}

func TestACloseCodeReachesTheState(t *testing.T) {
	g := newGateway(t)
	states := make(chan State, 8)
	client := g.client(t, Options{OnState: func(now State) { states <- now }})
	g.answer = func(map[string]any, func(map[string]any)) {}
	ctx := limited(t)
	job := Request[int](ctx, client, "echo", 1)
	for now := range states {
		if now.Name == StateOpen {
			break
		}
	}
	client.runtime.do(func() { client.core.link.current.send([]byte(`{"type":"bye"}`)) })
	_, err := job.Wait(ctx)
	wantCode(t, err, CodeConnectionLost)
	now := <-states
	want(t, "state", now, State{Name: StateClosed, Reason: "forbidden", Code: 4403})
}

// jobGateway acknowledges each request, and gives what a test sends into the channel.
func jobGateway(t *testing.T) (*gateway, chan map[string]any) {
	g := newGateway(t)
	frames := make(chan map[string]any, 16)
	g.answer = func(frame map[string]any, give func(map[string]any)) {
		switch frame["type"] {
		case "request":
			give(map[string]any{"type": "acknowledgment", "request_id": frame["id"], "job_id": jobID, "status": "queued"})
			go func() {
				for frame := range frames {
					give(frame)
				}
			}()
		case "cancel", "status":
			give(map[string]any{"type": "response", "request_id": frame["id"], "data": snapshotOf(nil)})
			if frame["type"] == "cancel" {
				give(failedWith(seq(99), "CANCELLED"))
			}
		}
	}
	return g, frames
}

func TestNothingIsOverWhileItsProgressIsTold(t *testing.T) {
	g, frames := jobGateway(t)
	client := g.client(t, Options{})
	ctx := limited(t)
	for name, end := range map[string]func(job *Job[map[string]bool], stop func()){
		"unsubscribed":      func(job *Job[map[string]bool], _ func()) { job.Unsubscribe() },
		"aborted by caller": func(_ *Job[map[string]bool], stop func()) { stop() },
	} {
		telling, told := make(chan struct{}), make(chan struct{})
		asked, stop := context.WithCancel(ctx)
		job := Request[map[string]bool](asked, client, "report", nil,
			OnProgress(func(Progress) {
				close(telling)
				<-told
			}))
		if _, err := job.Accepted(ctx); err != nil {
			t.Fatal(err)
		}
		frames <- progressed(seq(1), 50)
		<-telling
		end(job, stop)
		ended := make(chan error)
		go func() {
			_, err := job.Wait(ctx)
			ended <- err
		}()
		select {
		case <-ended:
			t.Errorf("%s: it is over while its progress is told", name)
		case <-job.of.settled:
			t.Errorf("%s: it is settled while its progress is told", name)
		default:
		}
		close(told)
		if err := <-ended; err == nil {
			t.Errorf("%s: no error", name)
		}
		stop()
	}
}

func TestAJobsEventsAreReadInALoopAndItsProgressIsToldBeforeItsEnd(t *testing.T) {
	g, frames := jobGateway(t)
	client := g.client(t, Options{})
	ctx := limited(t)
	var last float64
	var voids []int64
	job := Request[map[string]bool](ctx, client, "report", nil,
		OnProgress(func(now Progress) { last = now.Percentage }),
		OnVoid(func(after int64) { voids = append(voids, after) }))
	id, err := job.Accepted(ctx)
	want(t, "job", id, jobID)
	want(t, "error", err, nil)
	var rows []string
	frames <- happened(seq(1), "a")
	frames <- happened(seq(2), "b")
	for event, err := range job.Events(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		var text string
		if err := event.Decode(&text); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, text)
		switch text {
		case "b":
			frames <- numbered("rewind", seq(1, 2), map[string]any{"after_seq": seq(1)})
			frames <- happened(seq(2, 2), "c")
		case "c":
			frames <- progressed(seq(3, 2), 100)
			frames <- completed(seq(4, 2))
		}
	}
	wantAll(t, "events", rows, []string{"a", "b", "c"})
	wantAll(t, "voids", voids, []int64{seq(1)})
	is, err := job.Wait(ctx)
	want(t, "error", err, nil)
	want(t, "result", is["ok"], true)
	want(t, "the last progress", last, 100.0)
	want(t, "state", job.State(), JobSucceeded)
	now, _ := job.Progress()
	want(t, "percentage", now.Percentage, 100.0)
}

func TestCancelAndStatusWaitForTheServer(t *testing.T) {
	g, _ := jobGateway(t)
	client := g.client(t, Options{})
	ctx := limited(t)
	job := Request[any](ctx, client, "report", nil)
	now, err := job.Status(ctx)
	want(t, "error", err, nil)
	want(t, "status", now.Status, StatusRunning)
	cancelled, err := job.Cancel(ctx)
	want(t, "error", err, nil)
	want(t, "cancelled", cancelled, true)
	_, err = job.Wait(ctx)
	wantCode(t, err, "CANCELLED")
	now, err = client.Status(ctx, jobID)
	want(t, "error", err, nil)
	want(t, "action", now.Action, "report")
}

func TestTheEndOfARequestsContextCancelsTheJob(t *testing.T) {
	g, _ := jobGateway(t)
	client := g.client(t, Options{})
	ctx, cancel := context.WithCancelCause(limited(t))
	job := Request[any](ctx, client, "report", nil)
	if _, err := job.Accepted(limited(t)); err != nil {
		t.Fatal(err)
	}
	left := errors.New("the user left")
	cancel(left)
	_, err := job.Wait(limited(t))
	wantCode(t, err, CodeAborted)
	want(t, "cause", errors.Is(err, left), true)
	until(t, "it is cancelled", func() bool { return job.State() == JobCancelled })
	_, err = Request[any](ctx, client, "report", nil).Wait(limited(t))
	wantCode(t, err, CodeAborted)
}

func TestTheEndOfAWaitsContextEndsThatWaitAlone(t *testing.T) {
	g, frames := jobGateway(t)
	client := g.client(t, Options{})
	job := Request[any](limited(t), client, "report", nil)
	short, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := job.Wait(short)
	want(t, "error", err, context.Canceled)
	for _, err := range job.Events(short) {
		want(t, "error", err, context.Canceled)
	}
	frames <- completed(seq(1))
	_, err = job.Wait(limited(t))
	want(t, "error", err, nil)
}

func TestWhatCannotBeWrittenOrReadAsJSONSaysSo(t *testing.T) {
	g := newGateway(t)
	client := g.client(t, Options{})
	ctx := limited(t)
	_, err := Request[any](ctx, client, "echo", func() {}).Wait(ctx)
	want(t, "may have started", wantCode(t, err, CodeInvalidPayload).MayHaveStarted, false)
	_, err = Request[int](ctx, client, "echo", "text").Wait(ctx)
	var wrong *json.UnmarshalTypeError
	want(t, "cause", errors.As(wantCode(t, err, CodeResultUnreadable), &wrong), true)
}

func TestATraceContextIsTakenFromTheRequestsContext(t *testing.T) {
	g := newGateway(t)
	g.answer = func(frame map[string]any, give func(map[string]any)) {
		give(map[string]any{"type": "response", "request_id": frame["id"], "data": frame["traceparent"]})
	}
	type key struct{}
	client := g.client(t, Options{Traceparent: func(ctx context.Context) string { return fmt.Sprint(ctx.Value(key{})) }})
	ctx := context.WithValue(limited(t), key{}, "00-1-2-01")
	is, err := Request[string](ctx, client, "echo", nil).Wait(ctx)
	want(t, "error", err, nil)
	want(t, "traceparent", is, "00-1-2-01")
	is, _ = Request[string](ctx, client, "echo", nil, WithTraceparent("00-3-4-01")).Wait(ctx)
	want(t, "traceparent", is, "00-3-4-01")
}

func TestALargeResultIsFetchedWithoutAToken(t *testing.T) {
	for _, one := range []struct {
		name  string
		most  int64
		serve func(try int, w http.ResponseWriter)
		tries int
		code  string
	}{
		{"as it is", 13, func(_ int, w http.ResponseWriter) { _, _ = io.WriteString(w, `{"big":"yes"}`) }, 1, ""},
		{"a byte too long", 12, func(_ int, w http.ResponseWriter) { _, _ = io.WriteString(w, `{"big":"yes"}`) }, 1, CodeResultTooLarge},
		{"without an end", 1_000, func(_ int, w http.ResponseWriter) {
			for {
				if _, err := io.WriteString(w, "x"); err != nil {
					return
				}
			}
		}, 1, CodeResultTooLarge},
		{"no JSON", 1_000, func(_ int, w http.ResponseWriter) { _, _ = io.WriteString(w, `{"big":`) }, 1, CodeResultUnavailable},
		{"refused", 1_000, func(_ int, w http.ResponseWriter) { w.WriteHeader(403) }, 3, CodeResultUnavailable},
		{"refused once", 1_000, func(try int, w http.ResponseWriter) {
			if try == 1 {
				w.WriteHeader(403)
			} else {
				_, _ = io.WriteString(w, `{"big":"yes"}`)
			}
		}, 2, ""},
	} {
		t.Run(one.name, func(t *testing.T) {
			tries := 0
			var paths, tokens []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				tries++
				paths = append(paths, r.URL.Path)
				tokens = append(tokens, r.Header.Get("Authorization"))
				one.serve(tries, w)
			}))
			defer server.Close()
			what := fetching{url: server.URL + "/old", mostBytes: one.most}
			body, failed := fetchResult(limited(t), server.Client(), what, time.Millisecond, func() string { return server.URL + "/fresh" })
			want(t, "tries", tries, one.tries)
			want(t, "token", tokens[0], "")
			if tries > 1 {
				want(t, "address", paths[1], "/fresh")
			}
			if one.code == "" {
				want(t, "body", string(body), `{"big":"yes"}`)
			} else {
				want(t, "code", failed.Code, one.code)
				want(t, "retryable", failed.Retryable, one.code == CodeResultUnavailable)
			}
		})
	}
}
