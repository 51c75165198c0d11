const MOST_EVENTS = 100;

/** What is shown of one request. */
export class Run {
  percentage = 0;
  message = '';
  attempt = 1;
  events = [];
  eventCount = 0;
  result = undefined;
  resultUrl = null;
  error = null;
  endedAt = null;
  /** The client's handle. */
  handle = null;

  /** @param knownEnd when an earlier page saw it end: nothing says that again */
  constructor({ id, action, jobId = null, startedAt = Date.now(), knownEnd = null }) {
    const state = knownEnd !== null ? 'finished' : jobId === null ? 'sent' : 'queued';
    Object.assign(this, { id, action, jobId, startedAt, knownEnd, state });
  }

  /** Whether its outcome is here. */
  get over() {
    return this.endedAt !== null;
  }

  /** Whether it has ended; an earlier page's outcome may still be on its way. */
  get finished() {
    return this.over || this.knownEnd !== null;
  }

  /** What the client is told, so that it tells this run. */
  options(change) {
    return {
      // the page shows a link to it
      fetchResult: false,
      onProgress: ({ percentage, message, attempt }) => {
        Object.assign(this, { percentage, message, attempt });
        change();
      },
      onEvent: (event) => {
        this.events.push(event);
        this.eventCount++;
        if (this.events.length > MOST_EVENTS) {
          this.events.shift();
        }
        change();
      },
      onVoid: (afterSeq) => {
        this.eventCount -= this.events.filter(({ seq }) => seq > afterSeq).length;
        this.events = this.events.filter(({ seq }) => seq <= afterSeq);
        change();
      },
      onChange: () => this.#move(change),
    };
  }

  /** A job's state as it goes on; the end comes with its outcome. */
  #move(change) {
    if (this.handle && !this.handle.done) {
      if (!this.finished) {
        this.state = this.handle.state === 'accepted' ? 'queued' : this.handle.state;
      }
      this.jobId = this.handle.jobId ?? null;
      change();
    }
  }

  succeed(result) {
    if (this.jobId) {
      this.percentage = 100;
    }
    const large = result && typeof result === 'object' && Object.keys(result).join() === 'result_url';
    this.#end('done', large ? { resultUrl: result.result_url } : { result });
  }

  fail(error) {
    const lost = error.code === 'CONNECTION_LOST' && !this.jobId;
    this.#end(lost ? 'lost' : error.code === 'CANCELLED' ? 'cancelled' : 'failed', lost ? {} : { error });
  }

  #end(state, outcome) {
    Object.assign(this, outcome, { state, jobId: this.handle.jobId ?? null });
    this.endedAt = this.knownEnd ?? Date.now();
  }
}
