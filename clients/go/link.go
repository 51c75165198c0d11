package streamer

import (
	"fmt"
	"math"
	"time"
)

// StateName names how a client's connection stands.
type StateName string

// How a client's connection stands.
const (
	StateConnecting StateName = "connecting"
	StateOpen       StateName = "open"
	// StateWaiting: for the next try.
	StateWaiting StateName = "waiting"
	// StateClosed: it does not come back by itself.
	StateClosed StateName = "closed"
)

// State is how a client's connection stands.
type State struct {
	Name StateName
	// Session names an open connection's life in the server's logs.
	Session string
	// NextTry is when the next try is, where it waits for one.
	NextTry time.Time
	// Reason says why it is waiting or closed.
	Reason string
	// Code is the close code of a connection that does not come back, or 0.
	Code int
}

const calmTime = time.Minute

// linkEvents is who hears of a link.
type linkEvents interface {
	hello() *clientFrame
	// linked: a line is ready; the one that it follows, if any, stays for what is still to be answered on it.
	linked(now, before *line)
	frame(on *line, frame *serverFrame)
	lost(was *line, reason string)
	// parted: no other line will come by itself.
	parted(reason string)
}

// link keeps one line open: opens the next one when the last is lost, and before it is due to end.
type link struct {
	state   State
	current *line
	// left: by its user, and nothing but its user opens it again.
	left bool

	env       env
	on        linkEvents
	newTokens bool
	next      *line
	tries     int
	timer     timer
	goawayAt  time.Time
}

func newLink(in env, on linkEvents, newTokens bool) *link {
	state := State{Name: StateClosed, Reason: "not connected yet"}
	return &link{env: in, on: on, newTokens: newTokens, state: state}
}

// connect does so unless it is under way already.
func (l *link) connect() {
	if l.state.Name == StateClosed || l.state.Name == StateWaiting {
		l.open()
	}
}

// renew makes the next line, and leaves this one when the next is welcome.
func (l *link) renew() {
	if l.next == nil {
		l.open()
	}
}

func (l *link) close(reason string, code int) {
	l.timer.stop()
	for _, line := range []*line{l.next, l.current} {
		if line != nil {
			line.drop()
		}
	}
	l.next, l.current = nil, nil
	// whoever connects again when told must not lose what is asked from then on
	l.on.parted(reason)
	l.tell(State{Name: StateClosed, Reason: reason, Code: code})
}

func (l *link) open() {
	l.timer.stop()
	l.goawayAt = time.Time{}
	if l.next != nil {
		l.next.drop()
	}
	l.next = newLine(l.env, l)
	if l.current == nil {
		l.tell(State{Name: StateConnecting})
	}
	l.env.dial(l.next)
}

func (l *link) hello() *clientFrame {
	return l.on.hello()
}

func (l *link) welcome(now *line) {
	before := l.current
	l.current, l.next = now, nil
	if before != nil {
		before.leave()
	}
	if age := now.greeting.MaxAgeMs; age > 0 {
		l.timer.set(l.env, millis(0.9*age), l.renew)
	} else {
		l.timer.stop()
	}
	l.tell(State{Name: StateOpen, Session: now.greeting.Session})
	l.on.linked(now, before)
}

func (l *link) frame(on *line, frame *serverFrame) {
	if frame.Type != "goaway" {
		l.on.frame(on, frame)
	} else if on == l.current {
		wait := millis(frame.ReconnectInMs)
		l.goawayAt = l.env.now().Add(wait)
		l.timer.set(l.env, wait, l.renew)
	}
}

func (l *link) closed(was *line, why ending) {
	wasNext, wasCurrent := was == l.next, was == l.current
	if wasNext {
		l.next = nil
	}
	if wasCurrent {
		l.current = nil
		if l.env.now().Sub(was.openedAt) >= calmTime {
			l.tries = 0
		}
	}
	l.on.lost(was, why.reason)
	switch {
	case l.next != nil && wasCurrent:
		l.tell(State{Name: StateConnecting})
	case wasNext || wasCurrent:
		if why.reason == "" {
			why.reason = fmt.Sprintf("closed with %d", why.code)
		}
		l.again(why)
	}
}

func (l *link) again(why ending) {
	how := comebackFrom(why.code, why.status)
	hopeless := how == backNever || (how == backToken && !l.newTokens)
	// what refuses a second line does not end the first
	if hopeless && l.current == nil {
		l.close(why.reason, why.code)
		return
	}
	wait := how.wait(l.tries, l.env.random())
	if how == backRestart && !l.goawayAt.IsZero() {
		// behind a goaway its moment counts
		wait = l.goawayAt.Sub(l.env.now())
	}
	wait = max(wait, why.after, 0)
	l.tries = min(l.tries+1, math.MaxInt16)
	l.timer.set(l.env, wait, l.open)
	if l.current == nil {
		l.tell(State{Name: StateWaiting, NextTry: l.env.now().Add(wait), Reason: why.reason})
	}
}

func (l *link) tell(state State) {
	l.state = state
	l.env.state(state)
}
