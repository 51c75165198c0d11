package streamer

import "time"

// env is all that the core needs of the world. Whatever it calls back, it calls with the core's lock
// held, one at a time, and never from within one of these functions.
type env interface {
	now() time.Time
	// after calls back later, unless it is stopped before.
	after(wait time.Duration, run func()) (stop func())
	// random gives a number in [0, 1).
	random() float64
	newID() string
	// dial asks for a token and opens a socket, and tells the line of it: opened, text, closed.
	dial(to *line)
	// fetch gets a large result; fresh asks for a new address and tells it, or "".
	fetch(what fetching)
	// state tells the connection's state to whoever listens.
	state(now State)
	// changed tells the handle of a job: its progress is new, or it is settled.
	changed(of *job)
}

// socket is an open WebSocket. None of its functions waits.
type socket interface {
	send(text []byte)
	// limitFrames: from here on a longer text goes in several frames of so many bytes at most.
	limitFrames(bytes int)
	close()
}

// fetching is a large result that is wanted.
type fetching struct {
	url       string
	mostBytes int64
	// until is closed when nobody waits for it any more.
	until <-chan struct{}
	fresh func(tell func(url string))
	done  func(body []byte, failed *problem)
}

// timer is a wait of which there is one at a time.
type timer struct{ stopping func() }

func (t *timer) set(in env, wait time.Duration, run func()) {
	t.stop()
	over := false
	stop := in.after(wait, func() {
		// its stop may have come too late
		if !over {
			over = true
			run()
		}
	})
	t.stopping = func() {
		over = true
		stop()
	}
}

func (t *timer) stop() {
	if t.stopping != nil {
		t.stopping()
		t.stopping = nil
	}
}
