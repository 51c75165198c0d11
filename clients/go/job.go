package streamer

import (
	"encoding/json"
	"slices"
	"time"
)

// JobState is how a job stands as far as is known here.
type JobState string

// The states of a handle.
const (
	// JobSent: until an answer is there.
	JobSent      JobState = "sent"
	JobAccepted  JobState = "accepted"
	JobRunning   JobState = "running"
	JobSucceeded JobState = "succeeded"
	JobFailed    JobState = "failed"
	JobCancelled JobState = "cancelled"
)

// Progress is how far a job has come.
type Progress struct {
	// Percentage never falls.
	Percentage float64
	Message    string
	Attempt    int
	Metadata   map[string]string
}

// Durations tell, by the client's clock, the time from the request or, where it was attached, from then; 0 until known.
type Durations struct {
	// Accepted: until it was accepted as a job.
	Accepted time.Duration
	// Started: until the first sign that it runs.
	Started time.Duration
	// Ended: until its end, without the time that fetching a large result took.
	Ended time.Duration
}

// following is what is wanted of a handle.
type following struct {
	onProgress     func(Progress)
	eventBuffer    int
	fetchResult    bool
	maxResultBytes int64
}

// outcome is a result or a failure.
type outcome struct {
	result json.RawMessage
	err    *Error
}

const endWait = time.Second

// job is a request, or a job that is followed.
type job struct {
	requestID, jobID, action string
	state                    JobState
	progress                 *Progress
	metadata                 map[string]string
	durations                Durations

	// own: its frames come to this connection as its owner's.
	own bool
	// fragile: it is cancelled when its owner is away.
	fragile bool
	// seq is the highest number that was applied.
	seq   int64
	kinds []FrameKind
	// attaching is the hello or subscribe that tells how it stands; frames wait for it.
	attaching *turn
	// alone: the next hello names it alone.
	alone bool
	// unconfirmed: a frame of it stands for the acknowledgment, which may be lost: nothing else may come.
	unconfirmed bool
	events      *eventQueue
	// pumping: somebody tells its progress just now. It is the environment's.
	pumping bool

	core         *core
	wanted       following
	from         time.Time
	ended        bool
	silent       bool
	held         []*serverFrame
	expecting    timer
	untold       *Progress
	outcome      *outcome
	whenAccepted []func()
	whenOver     []func()
	whenSettled  []func()
	// accepted and over are closed when it is a job or has ended, and when it has ended.
	accepted, over chan struct{}
	// settled is closed when there is an outcome, and all progress before it was told.
	settled   chan struct{}
	isSettled bool
}

// turn is one subscribe, or the hellos of a line; not empty, so that each has an address of its own.
type turn struct{ _ byte }

func newJob(of *core, wanted following) *job {
	return &job{
		state:    JobSent,
		events:   newEventQueue(wanted.eventBuffer),
		core:     of,
		wanted:   wanted,
		from:     of.env.now(),
		accepted: make(chan struct{}),
		over:     make(chan struct{}),
		settled:  make(chan struct{}),
	}
}

// status asks the server how the job stands.
func (j *job) status(tell func(*statusAnswer, *problem)) {
	j.onceAccepted(func() {
		asked := &clientFrame{Type: "status", JobID: j.jobID}
		if j.jobID == "" {
			asked.RequestID = j.requestID
		}
		j.core.status(asked, tell)
	})
}

// cancel asks for the job to stop, and tells when it has ended, or why it cannot be asked.
func (j *job) cancel(tell func(*problem)) {
	if !j.ended && j.core.takeBack(j) {
		j.fail(failure(codeCancelled, "cancelled before it was sent"))
	}
	told := false
	once := func(why *problem) {
		if !told {
			told = true
			tell(why)
		}
	}
	j.onceAccepted(func() {
		j.onceOver(func() { once(nil) })
		if j.ended {
			return
		}
		answered := func(frame *serverFrame) {
			var now Snapshot
			if readData(frame.Data, &now) == nil {
				j.expectEnd(now)
			}
		}
		j.core.ask(&clientFrame{Type: "cancel", JobID: j.jobID}, answered, once)
	})
}

// unsubscribe: it is followed no longer. The job itself goes on.
func (j *job) unsubscribe() {
	j.settle(outcome{err: failure(CodeAborted, "no longer followed").toError(j.names())})
	j.core.unwatch(j)
	j.leave()
}

// abort is for a caller who waits no longer: a request's job is cancelled, too.
func (j *job) abort(cause error) {
	why := failure(CodeAborted, "aborted by its caller")
	why.cause = cause
	j.settle(outcome{err: why.toError(j.names())})
	if j.own {
		j.cancel(func(*problem) {})
	} else {
		j.core.unwatch(j)
	}
	j.leave()
}

// answered is told the answer to its request, or the acknowledgment.
func (j *job) answered(frame *serverFrame) {
	switch frame.Type {
	case "error":
		j.fail(frame.Error.orUnknown())
	case "acknowledgment":
		j.accept(frame.JobID)
		if frame.Snapshot != nil {
			j.look(*frame.Snapshot)
		}
	default:
		j.end(JobSucceeded, func() { j.settle(outcome{result: frame.Data}) })
	}
}

func (j *job) accept(jobID string) {
	if j.jobID == "" && !j.ended {
		j.jobID = jobID
		j.durations.Accepted = j.passed()
		j.state = JobAccepted
		j.core.moved(j)
		j.acceptedNow()
	}
}

// attached tells how it stands, from a welcome or a subscription.
func (j *job) attached(now attached) {
	j.unconfirmed = false
	if j.requestID == "" {
		j.requestID = now.Snapshot.RequestID
	}
	if j.action == "" {
		j.action = now.Snapshot.Action
	}
	for _, event := range now.Events {
		j.apply(event)
	}
	j.look(now.Snapshot)
	if now.Next == nil {
		j.release()
	}
}

// release lets the frames go that waited for an answer.
func (j *job) release() {
	j.attaching = nil
	held := j.held
	j.held = nil
	for _, frame := range held {
		j.apply(frame)
	}
}

// mayBeAhead tells whether it has seen more than the server knows: the job lives anew.
func (j *job) mayBeAhead(now Snapshot) bool {
	if now.Status.Ended() {
		return now.Seq < j.seq
	}
	return epochOf(now.Seq) < epochOf(j.seq)
}

// restart: what it has seen is void, all of it.
func (j *job) restart() {
	j.seq = 0
	j.progress = nil
	j.events.rewind(0)
}

func (j *job) take(frame *serverFrame) {
	if j.attaching != nil {
		j.held = append(j.held, frame)
	} else {
		j.apply(frame)
	}
}

func (j *job) apply(frame *serverFrame) {
	// a worker that lost its job has a lower epoch, and so has all it sends
	if j.ended || frame.Seq == nil || *frame.Seq <= j.seq || !j.wants(frame.Type) {
		return
	}
	j.seq = *frame.Seq
	switch frame.Type {
	case "progress":
		j.step(Progress{frame.Progress, frame.Message, frame.Attempt, frame.Metadata})
	case "event":
		j.running()
		j.events.push(Event{Name: frame.Name, Data: frame.Data, Seq: j.seq})
	case "rewind":
		j.events.rewind(frame.AfterSeq)
	case "complete":
		j.metadata = frame.Metadata
		j.succeed(frame.Result, frame.ResultURL)
	case "error":
		j.fail(frame.Error.orUnknown())
	}
}

func (j *job) wants(frame string) bool {
	switch {
	case j.kinds == nil:
		return true
	case frame == "progress":
		return slices.Contains(j.kinds, KindProgress)
	case frame == "event" || frame == "rewind":
		return slices.Contains(j.kinds, KindEvent)
	}
	return true
}

func (j *job) look(now Snapshot) {
	percentage := 0.0
	if j.progress != nil {
		percentage = j.progress.Percentage
	}
	if now.Status.Ended() {
		j.expectEnd(now)
	} else if now.Attempt > 0 && (now.Seq > j.seq || now.Percentage > percentage) {
		j.step(Progress{Percentage: now.Percentage, Message: now.Message, Attempt: now.Attempt})
	}
}

func (j *job) step(now Progress) {
	if j.ended {
		return
	}
	if j.progress != nil {
		now.Percentage = max(now.Percentage, j.progress.Percentage)
	}
	now.Attempt = max(now.Attempt, 1)
	j.progress, j.untold = &now, &now
	j.running()
	j.tell()
}

// expectEnd: the end follows; where it does not, as behind an end that was there before, it is asked for.
func (j *job) expectEnd(now Snapshot) {
	if !now.Status.Ended() || j.ended || j.expecting.stopping != nil {
		return
	}
	again := func() {
		j.expecting.stop()
		j.expectEnd(now)
	}
	j.expecting.set(j.core.env, endWait, func() {
		// what came before the end is still to be read
		if j.attaching != nil {
			again()
			return
		}
		j.status(func(answer *statusAnswer, _ *problem) {
			if j.attaching != nil {
				again()
				return
			}
			j.expecting.stop()
			switch {
			case answer == nil:
			case answer.Error != nil:
				j.fail(answer.Error)
			case answer.Status.Ended():
				j.succeed(answer.Result, answer.ResultURL)
			}
		})
	})
}

func (j *job) succeed(result json.RawMessage, url string) {
	j.end(JobSucceeded, func() {
		switch {
		case url == "":
			j.settle(outcome{result: result})
		case j.wanted.fetchResult:
			j.fetch(url)
		default:
			address, _ := json.Marshal(map[string]string{"result_url": url})
			j.settle(outcome{result: address})
		}
	})
}

func (j *job) fetch(url string) {
	j.core.env.fetch(fetching{
		url:       url,
		mostBytes: j.wanted.maxResultBytes,
		until:     j.settled,
		fresh: func(tell func(string)) {
			j.status(func(answer *statusAnswer, _ *problem) {
				if answer == nil {
					tell("")
				} else {
					tell(answer.ResultURL)
				}
			})
		},
		done: func(body []byte, failed *problem) {
			if failed != nil {
				j.settle(outcome{err: failed.toError(j.names())})
			} else {
				j.settle(outcome{result: body})
			}
		},
	})
}

func (j *job) fail(why *problem) {
	state := JobFailed
	if why.Code == codeCancelled {
		state = JobCancelled
	}
	j.end(state, func() { j.settle(outcome{err: why.toError(j.names())}) })
}

func (j *job) end(state JobState, settle func()) {
	if j.ended {
		return
	}
	j.ended = true
	j.state = state
	j.durations.Ended = j.passed()
	j.expecting.stop()
	j.events.end()
	j.core.moved(j)
	close(j.over)
	j.acceptedNow()
	settle()
	for _, run := range j.whenOver {
		run()
	}
	j.whenOver = nil
}

// leave: nothing is told any more.
func (j *job) leave() {
	j.silent = true
	j.events.end()
	j.tell()
}

// settle takes the first outcome alone.
func (j *job) settle(with outcome) {
	if j.outcome == nil {
		j.outcome = &with
		j.tell()
	}
}

func (j *job) tell() {
	if j.pumping {
		// behind the progress that is being told: nothing comes behind the end
		return
	}
	if j.wanted.onProgress == nil || j.silent {
		j.toTell()
	} else {
		j.core.env.changed(j)
	}
}

// toTell gives the progress that is to be told next, if there is any; behind it the job is settled.
func (j *job) toTell() *Progress {
	next := j.untold
	j.untold = nil
	if next != nil && j.wanted.onProgress != nil && !j.silent {
		return next
	}
	if j.outcome != nil && !j.isSettled {
		j.isSettled = true
		close(j.settled)
		for _, run := range j.whenSettled {
			run()
		}
		j.whenSettled = nil
	}
	return nil
}

func (j *job) onceAccepted(run func()) {
	if j.jobID != "" || j.ended {
		run()
	} else {
		j.whenAccepted = append(j.whenAccepted, run)
	}
}

func (j *job) acceptedNow() {
	select {
	case <-j.accepted:
		return
	default:
		close(j.accepted)
	}
	waiting := j.whenAccepted
	j.whenAccepted = nil
	for _, run := range waiting {
		run()
	}
}

func (j *job) onceOver(run func()) {
	if j.ended {
		run()
	} else {
		j.whenOver = append(j.whenOver, run)
	}
}

func (j *job) names() names {
	return names{requestID: j.requestID, jobID: j.jobID}
}

func (j *job) passed() time.Duration {
	return j.core.env.now().Sub(j.from)
}

func (j *job) running() {
	if j.durations.Started == 0 {
		j.durations.Started = j.passed()
	}
	j.state = JobRunning
}
