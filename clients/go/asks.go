package streamer

import (
	"fmt"
	"slices"
	"time"
)

const (
	mostWaiting = 1_000
	mostSent    = 3
	// API Gateway gives an answer that long, and then none any more.
	gatewayWait = 30 * time.Second
	leastPutOff = 100 * time.Millisecond
)

// ask is a frame that waits for its answer.
type ask struct {
	id   string
	text []byte
	// safe: once more does no harm.
	safe bool
	// bound: belongs to one line; whoever makes the next one asks anew.
	bound bool
	// question: the client's own; asked again when it was refused because too much was under way.
	question   bool
	wait       time.Duration
	answerWait time.Duration
	answered   func(frame *serverFrame, on *line)
	failed     func(why *problem)
	// wanted tells whether it is to be said again; nil: it is.
	wanted func() bool

	line *line
	// sent is how often it was.
	sent    int
	renewed bool
	// doubted is the line that may have lost it.
	doubted *line
	// putOff is for how long it was already.
	putOff time.Duration
	timer  timer
	// turn keeps the order in which they were asked.
	turn int
}

func (a *ask) isWanted() bool {
	return a.wanted == nil || a.wanted()
}

// asks are what was asked and is not answered yet, sent or waiting for a line.
type asks struct {
	env  env
	link *link
	all  map[string]*ask
	// turns is how many there were.
	turns int
}

func newAsks(in env, over *link) *asks {
	return &asks{env: in, link: over, all: map[string]*ask{}}
}

func (a *asks) add(one *ask) {
	if a.link.left {
		one.failed(failure(CodeClientClosed, "the client was closed"))
		return
	}
	if a.link.current == nil && len(a.on(nil)) >= mostWaiting {
		full := failure(CodeTooManyWaiting, fmt.Sprintf("%d requests wait for a connection", mostWaiting))
		full.Retryable = true
		one.failed(full)
		return
	}
	a.turns++
	one.turn = a.turns
	a.all[one.id] = one
	a.send(one)
}

// remove takes it out, answered or not.
func (a *asks) remove(one *ask) {
	one.timer.stop()
	delete(a.all, one.id)
	a.sweep(one.line)
}

func (a *asks) answer(one *ask, frame *serverFrame, on *line) {
	expired := frame.Type == "error" && frame.Error != nil && frame.Error.Code == codeUnauthorized
	if expired && a.link.newTokens && !one.renewed {
		// through API Gateway a connection outlives its token; nothing was done yet
		if one.bound {
			a.remove(one)
		} else {
			one.renewed = true
			a.await(one)
		}
		a.link.renew()
		return
	}
	if one.question && frame.Type == "error" && a.later(one, frame.Error.orUnknown()) {
		return
	}
	a.remove(one)
	one.answered(frame, on)
}

// flush sends what waits: a line is there.
func (a *asks) flush(before *line) {
	for _, one := range a.on(nil) {
		a.send(one)
	}
	a.sweep(before)
}

// lost: a line is gone, and with it the answers that would have come on it.
func (a *asks) lost(was *line, reason string) {
	for _, one := range a.on(was) {
		switch {
		case one.bound:
			a.remove(one)
		case one.safe:
			a.send(one)
		default:
			a.fail(one, reason)
		}
	}
}

// repeat: API Gateway lost a frame, without a word which; what is said again may be lost as well.
func (a *asks) repeat(on *line) {
	on.paced(func() { a.repeatNow(on) })
}

func (a *asks) repeatNow(on *line) {
	for _, one := range a.on(on) {
		if one.safe || one.bound {
			if one.isWanted() {
				on.send(one.text)
			}
		} else if one.doubted != on {
			one.doubted = on
			a.limit(one, gatewayWait, func() { a.fail(one, "no answer") })
		}
	}
}

func (a *asks) failAll(reason string) {
	for _, one := range a.ordered(func(*ask) bool { return true }) {
		a.fail(one, reason)
	}
}

func (a *asks) send(one *ask) {
	on := a.link.current
	if one.bound && one.line != nil {
		on = one.line
	}
	if on == nil {
		a.await(one)
		a.link.connect()
		return
	}
	if most := on.greeting.MaxMessageBytes; most > 0 && len(one.text) > most {
		a.remove(one)
		one.failed(tooLarge(len(one.text), most))
		return
	}
	one.line = on
	one.sent++
	a.limit(one, one.answerWait, func() {
		switch {
		case !one.isWanted():
			a.remove(one)
		case one.safe && one.sent < mostSent:
			a.send(one)
		case one.bound:
			// others wait behind it
			on.end(ending{code: closedSilent, reason: "no answer"})
		default:
			a.fail(one, "no answer")
		}
	})
	on.send(one.text)
}

func tooLarge(size, most int) *problem {
	why := failure(codePayloadTooLarge, fmt.Sprintf("the message has %d bytes, and max_message_bytes is %d", size, most))
	why.Details = map[string]any{"size_bytes": size, "max_message_bytes": most}
	return why
}

func (a *asks) await(one *ask) {
	one.line = nil
	a.limit(one, one.wait, func() {
		reason := "no connection in time"
		if why := a.link.state.Reason; why != "" {
			reason += ": " + why
		}
		a.fail(one, reason)
	})
}

// later: nothing was done, as too much was under way. It is asked again, for as long as an answer may take.
func (a *asks) later(one *ask, why *problem) bool {
	if why.Code != codeRateLimited || why.RetryAfterMs == nil {
		return false
	}
	wait := max(why.retryAfter(), leastPutOff)
	one.putOff += wait
	if one.answerWait >= 0 && one.putOff > one.answerWait {
		return false
	}
	one.sent--
	a.limit(one, wait, func() { a.send(one) })
	return true
}

// limit sets the one wait of an ask; a wait below 0 has no end.
func (a *asks) limit(one *ask, wait time.Duration, over func()) {
	if wait < 0 {
		one.timer.stop()
	} else {
		one.timer.set(a.env, wait, over)
	}
}

func (a *asks) fail(one *ask, reason string) {
	a.remove(one)
	why := failure(CodeNotConnected, reason)
	why.Retryable = true
	if one.sent > 0 {
		why = failure(CodeConnectionLost, reason).mayHaveStarted()
		why.Retryable = one.safe
	}
	one.failed(why)
}

// on gives what waits for its answer on a line, or for a line, in the order in which it was asked.
func (a *asks) on(line *line) []*ask {
	return a.ordered(func(one *ask) bool { return one.line == line })
}

func (a *asks) ordered(which func(*ask) bool) []*ask {
	var found []*ask
	for _, one := range a.all {
		if which(one) {
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(x, y *ask) int { return x.turn - y.turn })
	return found
}

// sweep drops a line that was left once nothing is to come on it.
func (a *asks) sweep(was *line) {
	if was != nil && was.leaving && len(a.on(was)) == 0 {
		was.drop()
	}
}
