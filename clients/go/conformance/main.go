// Command conformance drives the client by JSON lines, as clients/conformance/README.md says.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	streamer "github.com/streamer/streamer/clients/go"
)

const longestLine = 16 * 1024 * 1024

type (
	object = map[string]any
	handle = *streamer.Job[json.RawMessage]
)

type command struct {
	N       int             `json:"n"`
	Do      string          `json:"do"`
	Client  string          `json:"client"`
	URL     string          `json:"url"`
	Tokens  []string        `json:"tokens"`
	Of      string          `json:"of"`
	Job     string          `json:"job"`
	Action  string          `json:"action"`
	Payload json.RawMessage `json:"payload"`
	Options options         `json:"options"`
}

type options struct {
	ID           string               `json:"id"`
	Retry        string               `json:"retry"`
	Metadata     map[string]string    `json:"metadata"`
	Traceparent  string               `json:"traceparent"`
	OnDisconnect streamer.Disconnect  `json:"on_disconnect"`
	DelayMs      int64                `json:"delay_ms"`
	WaitMs       int64                `json:"wait_ms"`
	Frames       []streamer.FrameKind `json:"frames"`
	FetchResult  *bool                `json:"fetch_result"`
	EventBuffer  int                  `json:"event_buffer"`
	Unread       bool                 `json:"unread"`
}

type driver struct {
	clients map[string]*streamer.Client
	handles map[string]handle
	out     sync.Mutex
}

func main() {
	d := &driver{clients: map[string]*streamer.Client{}, handles: map[string]handle{}}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		var what command
		err := json.Unmarshal(lines.Bytes(), &what)
		if err == nil {
			err = d.do(what)
		}
		if err != nil {
			d.tell(object{"done": what.N, "failed": err.Error()})
		} else {
			d.tell(object{"done": what.N})
		}
	}
}

func (d *driver) tell(line object) {
	text, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	d.out.Lock()
	defer d.out.Unlock()
	_, _ = os.Stdout.Write(append(text, '\n'))
}

func (d *driver) do(what command) error {
	ctx := context.Background()
	client, of := d.clients[what.Client], d.handles[what.Of]
	switch what.Do {
	case "client":
		return d.makeClient(what)
	case "connect":
		client.Connect()
	case "close":
		client.Close()
	case "request":
		d.follow(what.Of, what.Options.Unread, func(seen *seen) handle {
			var payload any
			if what.Payload != nil {
				payload = what.Payload
			}
			return streamer.Request[json.RawMessage](ctx, client, what.Action, payload, seen.ofRequest(what.Options)...)
		})
	case "attach":
		d.follow(what.Of, what.Options.Unread, func(seen *seen) handle {
			return streamer.Attach[json.RawMessage](ctx, client, what.Job, seen.ofAttach(what.Options)...)
		})
	case "read":
		s := &seen{d: d, of: what.Of}
		s.accepted.Do(func() {})
		go s.read(of)
	case "unsubscribe":
		of.Unsubscribe()
	case "cancel":
		go later(d, what.Of, "cancelled", func() (any, error) { return of.Cancel(ctx) })
	case "status":
		go later(d, what.Of, "status", func() (any, error) { return statusOf(of.Status(ctx)) })
	case "reset":
		// the next scenario knows none of this one's
		for _, client := range d.clients {
			client.Close()
		}
		clear(d.clients)
		clear(d.handles)
	default:
		return fmt.Errorf("no such command: %s", what.Do)
	}
	return nil
}

func (d *driver) makeClient(what command) error {
	var once sync.Mutex
	next := 0
	client, err := streamer.New(what.URL, streamer.Options{
		Token: streamer.TokenFunc(func(context.Context) (string, error) {
			once.Lock()
			defer once.Unlock()
			token := what.Tokens[min(next, len(what.Tokens)-1)]
			next++
			return token, nil
		}),
		OnState: func(now streamer.State) {
			state := object{"name": now.Name, "reason": now.Reason}
			if now.Code != 0 {
				state["code"] = now.Code
			}
			d.tell(object{"client": what.Client, "state": state})
		},
	})
	d.clients[what.Client] = client
	return err
}

// seen tells of a handle all that its caller would see.
type seen struct {
	d        *driver
	of       string
	handle   chan handle
	accepted sync.Once
}

func (d *driver) follow(of string, unread bool, start func(*seen) handle) {
	s := &seen{d: d, of: of, handle: make(chan handle, 1)}
	job := start(s)
	d.handles[of] = job
	go func() {
		if id, _ := job.Accepted(context.Background()); id != "" {
			s.tellAccepted(id)
		}
	}()
	s.handle <- job
	go func() {
		if !unread {
			s.read(job)
		}
		s.end(job)
	}()
}

func (s *seen) tellAccepted(id string) {
	s.accepted.Do(func() { s.d.tell(object{"of": s.of, "accepted": id}) })
}

// read tells the events, also behind those that are lost.
func (s *seen) read(job handle) {
	for event, err := range job.Events(context.Background()) {
		s.tellAccepted(job.JobID())
		if err != nil {
			s.d.tell(object{"of": s.of, "event_error": problem(err)})
			continue
		}
		s.d.tell(object{"of": s.of, "event": object{"name": event.Name, "data": event.Data}})
	}
}

func (s *seen) end(job handle) {
	result, err := job.Wait(context.Background())
	if id := job.JobID(); id != "" {
		s.tellAccepted(id)
	}
	if err != nil {
		s.d.tell(object{"of": s.of, "error": problem(err)})
		return
	}
	s.d.tell(object{"of": s.of, "result": result})
}

func (s *seen) progress(now streamer.Progress) {
	job := <-s.handle
	s.handle <- job
	s.tellAccepted(job.JobID())
	progress := object{"percentage": now.Percentage, "message": now.Message, "attempt": now.Attempt}
	if now.Metadata != nil {
		progress["metadata"] = now.Metadata
	}
	s.d.tell(object{"of": s.of, "progress": progress})
}

func (s *seen) following(given options) []streamer.FollowOption {
	wanted := []streamer.FollowOption{
		streamer.OnProgress(s.progress),
		streamer.OnVoid(func(after int64) { s.d.tell(object{"of": s.of, "void": after}) }),
	}
	if given.EventBuffer > 0 {
		wanted = append(wanted, streamer.WithEventBuffer(given.EventBuffer))
	}
	if given.FetchResult != nil && !*given.FetchResult {
		wanted = append(wanted, streamer.WithoutFetch())
	}
	return wanted
}

func (s *seen) ofRequest(given options) []streamer.RequestOption {
	wanted := []streamer.RequestOption{streamer.WithID(given.ID), streamer.WithMetadata(given.Metadata), streamer.WithTraceparent(given.Traceparent)}
	for _, option := range s.following(given) {
		wanted = append(wanted, option)
	}
	if given.Retry == "job" {
		wanted = append(wanted, streamer.RetryJob())
	}
	if given.OnDisconnect != "" {
		wanted = append(wanted, streamer.OnDisconnect(given.OnDisconnect))
	}
	if given.DelayMs > 0 {
		wanted = append(wanted, streamer.WithDelay(time.Duration(given.DelayMs)*time.Millisecond))
	}
	if given.WaitMs > 0 {
		wanted = append(wanted, streamer.WithWait(time.Duration(given.WaitMs)*time.Millisecond))
	}
	return wanted
}

func (s *seen) ofAttach(given options) []streamer.AttachOption {
	var wanted []streamer.AttachOption
	for _, option := range s.following(given) {
		wanted = append(wanted, option)
	}
	if given.Frames != nil {
		wanted = append(wanted, streamer.WithFrames(given.Frames...))
	}
	return wanted
}

// later tells what is asked for as its own kind, or as an error of the asking.
func later(d *driver, of, kind string, ask func() (any, error)) {
	answer, err := ask()
	if err != nil {
		d.tell(object{"of": of, kind + "_error": problem(err)})
		return
	}
	d.tell(object{"of": of, kind: answer})
}

func statusOf(answer streamer.StatusAnswer, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	status := object{
		"job_id": answer.JobID, "request_id": answer.RequestID, "action": answer.Action, "status": answer.Status,
		"percentage": answer.Percentage, "message": answer.Message, "seq": answer.Seq, "attempt": answer.Attempt,
		"created_at": answer.CreatedAt,
	}
	if answer.Result != nil {
		status["result"] = answer.Result
	}
	if answer.ResultURL != "" {
		status["result_url"] = answer.ResultURL
	}
	if answer.Error != nil {
		status["error"] = problem(answer.Error)
	}
	return status, nil
}

func problem(err error) object {
	var of *streamer.Error
	if !errors.As(err, &of) {
		return object{"message": err.Error()}
	}
	told := object{
		"code": of.Code, "message": of.Message, "retryable": of.Retryable, "details": of.Details,
		"may_have_started": of.MayHaveStarted,
	}
	for name, value := range map[string]string{"request_id": of.RequestID, "job_id": of.JobID, "error_id": of.ErrorID} {
		if value != "" {
			told[name] = value
		}
	}
	if of.RetryAfter > 0 {
		told["retry_after_ms"] = of.RetryAfter.Milliseconds()
	}
	return told
}
