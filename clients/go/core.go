package streamer

import (
	"maps"
	"slices"
	"sort"
	"time"
)

const (
	helloID         = "hello"
	mostJobsOfHello = 64
	againWait       = 2 * time.Second
)

// waits are how long things are waited for.
type waits struct {
	// connection: for one, by a request.
	connection time.Duration
	// answer: until an answer or an acknowledgment must be there.
	answer time.Duration
}

// core is the client without its I/O: what is asked, what is followed, and over which line.
type core struct {
	env   env
	link  *link
	asks  *asks
	waits waits
	// jobs by their ids, each with its handles.
	jobs map[string][]*job
	// hellos are this line's behind its first.
	hellos *hellos
}

// hellos are said one at a time.
type hellos struct {
	turn *turn
	// waiting for one, or for the answer to the one that is under way.
	waiting []*job
	busy    bool
}

func newHellos() *hellos {
	return &hellos{turn: &turn{}}
}

func newCore(in env, newTokens bool, waits waits) *core {
	c := &core{env: in, waits: waits, jobs: map[string][]*job{}, hellos: newHellos()}
	c.link = newLink(in, c, newTokens)
	c.asks = newAsks(in, c.link)
	return c
}

func (c *core) connect() {
	c.link.left = false
	c.link.connect()
}

func (c *core) close() {
	c.link.left = true
	c.link.close("closed by its user", 0)
}

// requesting is a request as its caller wants it.
type requesting struct {
	frame clientFrame
	// retry: it is a job and may be sent again.
	retry  bool
	waits  waits
	follow following
}

// failed gives the handle of a request that is not sent.
func (c *core) failed(what requesting, why *problem) *job {
	j := newJob(c, what.follow)
	j.requestID, j.action = what.frame.ID, what.frame.Action
	j.fail(why)
	return j
}

func (c *core) request(what requesting) *job {
	frame := &what.frame
	frame.Type = "request"
	if frame.ID == "" {
		frame.ID = c.env.newID()
	}
	j := newJob(c, what.follow)
	j.requestID, j.action = frame.ID, frame.Action
	j.own = true
	j.fragile = frame.Options != nil && frame.Options.OnDisconnect == string(DisconnectCancel)
	if c.asks.all[frame.ID] != nil {
		j.fail(failure(codeDuplicateRequest, "a request with this id is under way here"))
		return j
	}
	c.asks.add(&ask{
		id:         frame.ID,
		text:       frame.text(),
		safe:       what.retry,
		wait:       what.waits.connection,
		answerWait: what.waits.answer,
		answered:   func(frame *serverFrame, on *line) { c.answered(j, frame, on) },
		failed:     j.fail,
	})
	return j
}

func (c *core) attach(jobID string, kinds []FrameKind, afterSeq int64, wanted following) *job {
	j := newJob(c, wanted)
	j.seq = afterSeq
	j.kinds = kinds
	j.accept(jobID)
	switch {
	case c.link.left:
		j.fail(failure(CodeClientClosed, "the client was closed"))
	case c.link.current == nil:
		c.link.connect()
	default:
		c.subscribe(j, j.seq)
	}
	return j
}

// status tells what a status frame is answered.
func (c *core) status(asked *clientFrame, tell func(*statusAnswer, *problem)) {
	answered := func(frame *serverFrame) {
		answer := &statusAnswer{}
		if err := readData(frame.Data, answer); err != nil {
			unreadable := failure(CodeResultUnreadable, "the answer is no status: "+err.Error())
			unreadable.cause = err
			tell(nil, unreadable)
			return
		}
		tell(answer, nil)
	}
	c.ask(asked, answered, func(why *problem) { tell(nil, why) })
}

// ask sends a frame that may be sent again; what is refused fails.
func (c *core) ask(frame *clientFrame, answered func(*serverFrame), failed func(*problem)) {
	c.askAs(frame, false, nil, func(answer *serverFrame, _ *line) {
		if answer.Type == "error" {
			failed(answer.Error.orUnknown())
		} else {
			answered(answer)
		}
	}, failed)
}

// askBound sends a frame that belongs to this line, and again for as long as it is wanted; nil: always.
func (c *core) askBound(frame *clientFrame, wanted func() bool, answered func(*serverFrame, *line)) {
	c.askAs(frame, true, wanted, answered, func(*problem) {})
}

// again does what was refused for now once that is over, unless another line is there by then.
func (c *core) again(on *line, why *problem, what func()) {
	wait := againWait
	if why.RetryAfterMs != nil {
		wait = why.retryAfter()
	}
	c.env.after(wait, func() {
		if on == c.link.current {
			what()
		}
	})
}

func (c *core) askAs(
	frame *clientFrame, bound bool, wanted func() bool, answered func(*serverFrame, *line), failed func(*problem),
) {
	frame.ID = c.env.newID()
	c.asks.add(&ask{
		id:         frame.ID,
		text:       frame.text(),
		safe:       true,
		bound:      bound,
		question:   !bound,
		wanted:     wanted,
		wait:       c.waits.connection,
		answerWait: c.waits.answer,
		answered:   answered,
		failed:     failed,
	})
}

// takeBack takes a request back that was not sent yet; false if it was.
func (c *core) takeBack(j *job) bool {
	one := c.asks.all[j.requestID]
	if j.jobID != "" || one == nil || one.sent > 0 {
		return false
	}
	c.asks.remove(one)
	return true
}

// moved is told when a job's id or its end is new.
func (c *core) moved(j *job) {
	if j.jobID != "" {
		others := c.others(j)
		if !j.ended {
			others = append(others, j)
		}
		c.put(j.jobID, others)
	}
}

// unwatch lets go of a job that has not ended.
func (c *core) unwatch(j *job) {
	if j.jobID == "" || j.ended {
		return
	}
	j.attaching = nil
	c.put(j.jobID, c.others(j))
	if !j.own && c.link.current != nil {
		c.unsubscribe(j.jobID)
	}
}

func (c *core) unsubscribe(jobID string) {
	// somebody may follow it still, or again
	wanted := func() bool { return len(c.jobs[jobID]) == 0 }
	if !wanted() {
		return
	}
	c.askBound(&clientFrame{Type: "unsubscribe", JobID: jobID}, wanted, func(answer *serverFrame, on *line) {
		if why := answer.Error; answer.Type == "error" && why != nil && why.Retryable {
			c.again(on, why, func() { c.unsubscribe(jobID) })
		} else if on == c.link.current {
			for _, j := range c.jobs[jobID] {
				c.subscribe(j, j.seq)
			}
		}
	})
}

func (c *core) others(than *job) []*job {
	var others []*job
	for _, one := range c.jobs[than.jobID] {
		if one != than {
			others = append(others, one)
		}
	}
	return others
}

func (c *core) put(jobID string, jobs []*job) {
	if len(jobs) > 0 {
		c.jobs[jobID] = jobs
	} else {
		delete(c.jobs, jobID)
	}
}

func (c *core) hello() *clientFrame {
	var own []string
	fragile := map[string]bool{}
	for jobID, jobs := range c.jobs {
		if slices.ContainsFunc(jobs, func(j *job) bool { return j.own }) {
			own = append(own, jobID)
			fragile[jobID] = slices.ContainsFunc(jobs, func(j *job) bool { return j.fragile })
		}
	}
	// first those that need their owner
	sort.Slice(own, func(x, y int) bool {
		if fragile[own[x]] != fragile[own[y]] {
			return fragile[own[x]]
		}
		return own[x] < own[y]
	})
	lastSeq := map[string]int64{}
	for _, jobID := range own[:min(len(own), mostJobsOfHello)] {
		lastSeq[jobID] = leastSeq(c.jobs[jobID])
	}
	return &clientFrame{Type: "hello", ID: helloID, LastSeq: lastSeq}
}

func (c *core) linked(now, before *line) {
	c.hellos = newHellos()
	var named, fragile, others []*job
	for _, j := range c.followed() {
		switch _, isNamed := now.named[j.jobID]; {
		case isNamed:
			named = append(named, j)
		case j.fragile:
			fragile = append(fragile, j)
		default:
			others = append(others, j)
		}
	}
	c.resumed(now.named, named, now.greeting)
	c.helloOf(fragile)
	for _, j := range others {
		c.subscribe(j, j.seq)
	}
	c.asks.flush(before)
}

func (c *core) resumed(named map[string]int64, all []*job, answer *serverFrame) {
	found := map[string]attached{}
	for _, one := range answer.Jobs {
		found[one.Snapshot.JobID] = one
	}
	for _, j := range all {
		now, isFound := found[j.jobID]
		switch {
		case !isFound:
			// gone, or not to be read just now: the answer to this tells
			c.subscribe(j, j.seq)
		case answer.Recovered != nil && !*answer.Recovered && j.mayBeAhead(now.Snapshot):
			c.ahead(j, now, len(named) == 1)
		default:
			c.attached(j, now)
		}
	}
}

// ahead: its number is above the job's. If other jobs were named with it, they may be why it is not recovered.
func (c *core) ahead(j *job, now attached, alone bool) {
	if alone {
		j.restart()
		c.attached(j, now)
	} else {
		j.alone = true
		c.helloOf([]*job{j})
	}
}

func (c *core) attached(j *job, now attached) {
	j.attached(now)
	if now.Next != nil && !j.ended {
		c.subscribe(j, *now.Next)
	}
}

// helloOf makes this line the owner's of jobs that its first hello did not name.
func (c *core) helloOf(jobs []*job) {
	these := c.hellos
	for _, j := range jobs {
		j.attaching = these.turn
		j.unconfirmed = false
	}
	these.waiting = append(these.waiting, jobs...)
	c.sayHello(these)
}

// sayHello says one at a time, as the server takes no more: the next names all that came meanwhile.
func (c *core) sayHello(these *hellos) {
	if these.busy {
		return
	}
	these.waiting = slices.DeleteFunc(these.waiting, func(j *job) bool { return j.attaching != these.turn })
	said := slices.Clone(these.waiting[:these.next()])
	if len(said) == 0 {
		return
	}
	these.busy = true
	lastSeq := map[string]int64{}
	for _, j := range said {
		if least, has := lastSeq[j.jobID]; !has || j.seq < least {
			lastSeq[j.jobID] = j.seq
		}
	}
	following := func() {
		these.busy = false
		c.sayHello(these)
	}
	c.askBound(&clientFrame{Type: "hello", LastSeq: lastSeq}, nil, func(answer *serverFrame, on *line) {
		refused := answer.Type == "error"
		if why := answer.Error.orUnknown(); refused && why.Retryable {
			c.again(on, why, following)
			return
		}
		these.waiting = slices.DeleteFunc(these.waiting, func(j *job) bool { return slices.Contains(said, j) })
		said = slices.DeleteFunc(said, func(j *job) bool { return j.attaching != these.turn })
		for _, j := range said {
			j.alone = false
		}
		if !refused {
			c.resumed(lastSeq, said, answer)
		} else {
			for _, j := range said {
				c.subscribe(j, j.seq)
			}
		}
		following()
	})
}

// next tells how many of those that wait the next hello names.
func (h *hellos) next() int {
	many := min(len(h.waiting), mostJobsOfHello)
	if alone := slices.IndexFunc(h.waiting, func(j *job) bool { return j.alone }); alone >= 0 {
		many = min(many, max(alone, 1))
	}
	return many
}

func (c *core) subscribe(j *job, after int64) {
	this := &turn{}
	j.attaching = this
	frame := &clientFrame{Type: "subscribe", JobID: j.jobID, AfterSeq: &after, Frames: c.kindsOf(j.jobID)}
	wanted := func() bool { return j.attaching == this && !j.ended }
	c.askBound(frame, wanted, func(answer *serverFrame, on *line) {
		if !wanted() {
			return
		}
		if answer.Type != "error" {
			var now attached
			if readData(answer.Data, &now) != nil {
				j.release()
				return
			}
			c.attached(j, now)
			return
		}
		why := answer.Error.orUnknown()
		if !why.Retryable {
			j.fail(why)
			return
		}
		c.again(on, why, func() {
			if wanted() {
				c.subscribe(j, after)
			}
		})
	})
}

// kindsOf gives the kinds that some handle of a job wants; nil if one wants all.
func (c *core) kindsOf(jobID string) []FrameKind {
	kinds := []FrameKind{KindTerminal}
	for _, one := range c.jobs[jobID] {
		if one.kinds == nil {
			return nil
		}
		for _, kind := range one.kinds {
			if !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
	}
	return kinds
}

func (c *core) answered(j *job, frame *serverFrame, on *line) {
	known := len(c.jobs[frame.JobID]) > 0
	j.answered(frame)
	current := c.link.current
	if frame.Type != "acknowledgment" || j.ended || current == nil {
		return
	}
	if on != current {
		// acknowledged on the line that was left
		c.helloOf([]*job{j})
	} else if known && frame.Status == "duplicate" {
		// what this connection has had for another handle is not sent again
		c.subscribe(j, j.seq)
	}
}

func (c *core) frame(on *line, frame *serverFrame) {
	one := c.asks.all[frame.RequestID]
	switch {
	case frame.Type == "":
		c.lostOne(on)
	case frame.JobID != "" && frame.Seq != nil:
		if one != nil && len(c.jobs[frame.JobID]) == 0 {
			// it overtook its acknowledgment, and stands for it
			c.asks.answer(one, &serverFrame{Type: "acknowledgment", JobID: frame.JobID}, on)
			for _, j := range c.jobs[frame.JobID] {
				j.unconfirmed = on == c.link.current
			}
		}
		for _, j := range slices.Clone(c.jobs[frame.JobID]) {
			j.take(frame)
		}
	case one != nil && isAnswer(frame.Type):
		c.asks.answer(one, frame, on)
	case frame.Type == "acknowledgment":
		for _, j := range c.jobs[frame.JobID] {
			j.unconfirmed = false
		}
	}
}

// lostOne: API Gateway lost a frame, and does not say which.
func (c *core) lostOne(on *line) {
	c.asks.repeat(on)
	if on == c.link.current {
		// it may be the request of a job whose frames have come
		c.helloOf(slices.DeleteFunc(c.followed(), func(j *job) bool { return !j.unconfirmed }))
	}
}

func isAnswer(frame string) bool {
	switch frame {
	case "response", "acknowledgment", "error", "welcome":
		return true
	}
	return false
}

func (c *core) lost(was *line, reason string) {
	c.asks.lost(was, reason)
}

func (c *core) parted(reason string) {
	code := CodeConnectionLost
	if c.link.left {
		code = CodeClientClosed
	}
	c.asks.failAll(reason)
	for _, j := range c.followed() {
		j.fail(failure(code, reason).mayHaveStarted())
	}
}

// followed gives all handles, by the ids of their jobs.
func (c *core) followed() []*job {
	var all []*job
	for _, jobID := range slices.Sorted(maps.Keys(c.jobs)) {
		all = append(all, c.jobs[jobID]...)
	}
	return all
}

func leastSeq(jobs []*job) int64 {
	least := jobs[0].seq
	for _, j := range jobs[1:] {
		least = min(least, j.seq)
	}
	return least
}
