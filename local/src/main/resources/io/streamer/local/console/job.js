const MOST_EVENTS = 100;
const ENDED = new Set(['succeeded', 'failed', 'cancelled', 'timed_out']);

/**
 * What is known of one request: a client's side of the protocol. Frames may come twice and in any
 * order of delivery; a job's numbers decide.
 */
export class Run {
  state = 'sent';
  seq = 0;
  percentage = 0;
  message = '';
  attempt = 1;
  events = [];
  eventCount = 0;
  result = undefined;
  resultUrl = null;
  error = null;
  endedAt = null;

  /**
   * @param frame the request as it was sent, for sending it once more
   * @param knownEnd when an earlier page saw it end: no frame says that again
   */
  constructor({ id, action, jobId = null, startedAt = Date.now(), frame = null, knownEnd = null }) {
    Object.assign(this, { id, action, jobId, startedAt, frame, knownEnd });
  }

  get over() {
    return this.endedAt !== null;
  }

  /** Takes a frame of this run; false if it says nothing new. */
  apply(frame, now = Date.now()) {
    if (this.over) {
      return false;
    }
    if (frame.seq !== undefined) {
      if (frame.seq <= this.seq) {
        return false;
      }
      this.seq = frame.seq;
    }
    this.jobId ??= frame.job_id ?? null;
    switch (frame.type) {
      case 'acknowledgment':
        this.#move(frame.status === 'duplicate' ? 'queued' : frame.status);
        if (frame.snapshot) {
          this.#snapshot(frame.snapshot);
        }
        return true;
      case 'progress':
        this.#move('running');
        this.#step(frame);
        return true;
      case 'event':
        this.#move('running');
        this.#event(frame);
        return true;
      case 'rewind':
        this.eventCount -= this.events.filter((event) => event.seq > frame.after_seq).length;
        this.events = this.events.filter((event) => event.seq <= frame.after_seq);
        return true;
      case 'response':
        return this.#end('done', now, { result: frame.data });
      case 'complete':
        this.percentage = 100;
        return this.#end('done', now, { result: frame.result, resultUrl: frame.result_url ?? null });
      case 'error':
        return this.#end(frame.error.code === 'CANCELLED' ? 'cancelled' : 'failed', now, { error: frame.error });
      default:
        return false;
    }
  }

  /** Takes what a welcome says of this job; its end, if it has one, follows in a frame. */
  attach({ snapshot, events = [], next }) {
    if (this.over) {
      return;
    }
    events.forEach((event) => this.apply(event));
    this.#snapshot(snapshot);
    // the snapshot's number would hide what is still to come: more events, or the end
    if (next === undefined && !ENDED.has(snapshot.status)) {
      this.seq = Math.max(this.seq, snapshot.seq ?? 0);
    }
  }

  /** The connection ended before an answer, and asking again could do the work twice. */
  lose(now = Date.now()) {
    this.#end('lost', now, {});
  }

  #snapshot(snapshot) {
    this.jobId = snapshot.job_id;
    if (!ENDED.has(snapshot.status)) {
      this.#move(snapshot.status);
    }
    if (snapshot.created_at) {
      this.startedAt = snapshot.created_at * 1000;
    }
    this.#step(snapshot);
  }

  #step({ percentage, message, attempt }) {
    // behind a crash it may step back to what was stored
    this.percentage = Math.max(this.percentage, percentage ?? 0);
    this.message = message ?? this.message;
    this.attempt = attempt || this.attempt;
  }

  #event({ seq, name, data }) {
    this.events.push({ seq, name, data });
    this.eventCount++;
    if (this.events.length > MOST_EVENTS) {
      this.events.shift();
    }
  }

  #move(state) {
    if (!this.over && !(this.state === 'running' && state === 'queued')) {
      this.state = state;
    }
  }

  #end(state, now, outcome) {
    this.#move(state);
    Object.assign(this, outcome);
    this.endedAt = this.knownEnd ?? now;
    return true;
  }
}
