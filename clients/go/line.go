package streamer

import "time"

const (
	openingWait = 15 * time.Second
	leavingWait = 10 * time.Second
	beatUnsaid  = 25 * time.Second
	paceWait    = time.Second
)

// lineEvents is who hears of a line.
type lineEvents interface {
	// hello gives the next hello: what is followed and how far it has come.
	hello() *clientFrame
	welcome(on *line)
	frame(on *line, frame *serverFrame)
	closed(on *line, why ending)
}

// ending is why a line is over.
type ending struct {
	code   int
	reason string
	// status of a refused handshake, or 0.
	status int
	// after is the least time to the next try.
	after time.Duration
}

// line is one socket, from its opening to its end: hello, heartbeats, and frames behind the welcome alone.
type line struct {
	// named are the jobs that its hello named.
	named    map[string]int64
	greeting *serverFrame
	openedAt time.Time
	// leaving: dropped for a successor; it stays for the answers that are still to come.
	leaving bool
	// gone is closed when it is over.
	gone chan struct{}

	env     env
	on      lineEvents
	socket  socket
	held    []*serverFrame
	over    bool
	heardAt time.Time
	timer   timer
	left    timer
	pause   timer
	owed    func()
}

func newLine(in env, on lineEvents) *line {
	return &line{env: in, on: on, gone: make(chan struct{})}
}

// opening is told when the token is there: from here on a welcome must come soon.
func (l *line) opening() {
	if !l.over {
		l.timer.set(l.env, openingWait, func() { l.end(ending{code: closedSilent, reason: "no welcome"}) })
	}
}

func (l *line) opened(on socket) {
	if l.over {
		on.close()
		return
	}
	l.socket = on
	l.hello()
}

// closed is told once, unless the line was ended here before.
func (l *line) closed(why ending) {
	l.end(why)
}

func (l *line) send(text []byte) {
	if !l.over && l.socket != nil {
		l.socket.send(text)
	}
}

// leave closes it soon.
func (l *line) leave() {
	l.leaving = true
	l.left.set(l.env, leavingWait, func() { l.end(ending{code: closedNormally, reason: "left"}) })
}

// paced says again what may be lost: at once, but once a second at most.
func (l *line) paced(say func()) {
	if l.over || l.pause.stopping != nil {
		l.owed = say
		return
	}
	l.pause.set(l.env, paceWait, func() {
		l.pause.stop()
		owed := l.owed
		l.owed = nil
		if owed != nil {
			l.paced(owed)
		}
	})
	say()
}

// drop ends it without a word to anybody here.
func (l *line) drop() {
	if !l.over {
		l.stop()
	}
}

func (l *line) hello() {
	hello := l.on.hello()
	l.named = hello.LastSeq
	l.send(hello.text())
}

func (l *line) text(text []byte) {
	if l.over || len(text) == 0 {
		return
	}
	l.heardAt = l.env.now()
	frame := readFrame(text)
	switch {
	case frame == nil:
	case l.greeting != nil:
		l.on.frame(l, frame)
	case frame.Type == "welcome":
		l.welcome(frame)
	case frame.Type == "error" && frame.RequestID == helloID:
		refused := frame.Error.orUnknown()
		code := closedProtocol
		switch {
		case refused.Code == codeUnauthorized:
			code = closedExpired
		case refused.Retryable:
			code = closedWithout
		}
		l.end(ending{code: code, reason: refused.Message, after: refused.retryAfter()})
	case frame.Type != "":
		l.held = append(l.held, frame)
	default:
		// API Gateway lost the hello
		l.paced(func() {
			if l.greeting == nil {
				l.hello()
			}
		})
	}
}

func (l *line) welcome(frame *serverFrame) {
	l.greeting = frame
	l.openedAt = l.env.now()
	if most := frame.MaxFrameBytes; most > 0 && l.socket != nil {
		l.socket.limitFrames(most)
	}
	every := beatUnsaid
	if frame.HeartbeatMs > 0 {
		every = millis(frame.HeartbeatMs)
	}
	l.beat(every)
	l.on.welcome(l)
	held := l.held
	l.held = nil
	for _, frame := range held {
		if !l.over {
			l.on.frame(l, frame)
		}
	}
}

func (l *line) beat(every time.Duration) {
	l.timer.set(l.env, every, func() {
		if l.env.now().Sub(l.heardAt) >= 2*every {
			l.end(ending{code: closedSilent, reason: "silent for two heartbeats"})
			return
		}
		l.send(pingText)
		l.beat(every)
	})
}

func (l *line) end(why ending) {
	if !l.over {
		l.stop()
		l.on.closed(l, why)
	}
}

func (l *line) stop() {
	l.over = true
	close(l.gone)
	l.timer.stop()
	l.left.stop()
	l.pause.stop()
	if l.socket != nil {
		l.socket.close()
	}
}

var pingText = (&clientFrame{Type: "ping"}).text()
