package streamer

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	random "math/rand/v2"
	"sync"
	"time"
)

// mostStates is how many changes are kept for a listener that does not return.
const mostStates = 64

// runtime is the world of a core: its lock, clock, sockets and listeners.
type runtime struct {
	mu      sync.Mutex
	dialing dialing
	log     *slog.Logger
	onState func(State)

	states  []State
	telling bool
	sockets map[*wsSocket]struct{}
}

// do runs what touches the core.
func (r *runtime) do(run func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	run()
}

func (r *runtime) now() time.Time {
	return time.Now()
}

func (r *runtime) after(wait time.Duration, run func()) func() {
	waiting := time.AfterFunc(wait, func() { r.do(run) })
	return func() { waiting.Stop() }
}

func (r *runtime) random() float64 {
	return random.Float64()
}

func (r *runtime) newID() string {
	var id [16]byte
	_, _ = rand.Read(id[:])
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

func (r *runtime) dial(to *line) {
	go r.live(to)
}

// live takes a line from its token to its end.
func (r *runtime) live(to *line) {
	ctx, cancel := context.WithCancel(context.Background())
	isOpen := make(chan struct{})
	go func() {
		select {
		case <-to.gone:
			cancel()
		case <-isOpen:
		}
	}()
	open, refused := r.dialing.open(ctx, func() { r.do(to.opening) })
	close(isOpen)
	if refused != nil {
		cancel()
		r.do(func() { to.closed(*refused) })
		return
	}
	r.do(func() {
		r.sockets[open] = struct{}{}
		to.opened(open)
	})
	why := open.read(func(text []byte) { r.do(func() { to.text(text) }) })
	r.do(func() {
		to.closed(why)
		delete(r.sockets, open)
	})
}

// flush waits until all sockets are closed, or for so long.
func (r *runtime) flush(limit time.Duration) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	var open []*wsSocket
	r.do(func() {
		for one := range r.sockets {
			open = append(open, one)
		}
	})
	for _, one := range open {
		select {
		case <-one.done:
		case <-timer.C:
			return
		}
	}
}

func (r *runtime) fetch(what fetching) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-what.until
		cancel()
	}()
	fresh := func() string {
		answer := make(chan string, 1)
		r.do(func() { what.fresh(func(url string) { answer <- url }) })
		select {
		case url := <-answer:
			return url
		case <-ctx.Done():
			return ""
		}
	}
	go func() {
		body, failed := fetchResult(ctx, r.dialing.http, what, fetchPause, fresh)
		r.do(func() { what.done(json.RawMessage(body), failed) })
	}()
}

func (r *runtime) state(now State) {
	if r.onState == nil && r.log == nil {
		return
	}
	r.states = append(r.states, now)
	if len(r.states) > mostStates {
		r.states = r.states[1:]
	}
	if !r.telling {
		r.telling = true
		go r.tellStates()
	}
}

func (r *runtime) tellStates() {
	for {
		r.mu.Lock()
		if len(r.states) == 0 {
			r.telling = false
			r.mu.Unlock()
			return
		}
		next := r.states[0]
		r.states = r.states[1:]
		r.mu.Unlock()
		if r.log != nil {
			r.logState(next)
		}
		if r.onState != nil {
			r.onState(next)
		}
	}
}

func (r *runtime) logState(now State) {
	switch now.Name {
	case StateConnecting:
		r.log.Debug("connecting")
	case StateOpen:
		r.log.Info("connected", "session", now.Session)
	case StateWaiting:
		r.log.Warn("not connected", "reason", now.Reason, "next_try", now.NextTry)
	case StateClosed:
		r.log.Info("connection closed", "reason", now.Reason, "code", now.Code)
	}
}

func (r *runtime) changed(of *job) {
	if !of.pumping {
		of.pumping = true
		go r.pump(of)
	}
}

func (r *runtime) pump(of *job) {
	for {
		r.mu.Lock()
		next := of.toTell()
		if next == nil {
			of.pumping = false
			r.mu.Unlock()
			return
		}
		r.mu.Unlock()
		of.wanted.onProgress(*next)
	}
}
