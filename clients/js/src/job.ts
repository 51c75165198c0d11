import { failure, StreamerError, type Problem } from './error.js';
import { EventQueue, type JobEvent } from './events.js';
import { epochOf, hasEnded, type Attached, type FrameKind, type Json, type ServerFrame, type Snapshot, type StatusAnswer } from './frames.js';
import { fetchResult } from './result.js';
import { tell } from './tell.js';

/** How far a job has come; the percentage never falls. */
export interface Progress {
  percentage: number;
  message: string;
  attempt: number;
  metadata?: Record<string, string>;
}

/** Milliseconds by the client's clock, from the request or, where it was attached, from then. */
export interface Durations {
  /** Until it was accepted as a job. */
  accepted?: number;
  /** Until the first sign that it runs. */
  started?: number;
  /** Until its end, without the time that fetching a large result took. */
  ended?: number;
}

/** `sent` until an answer is there, then how the job stands as far as is known here. */
export type JobState = 'sent' | 'accepted' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface FollowOptions {
  onProgress?: (progress: Progress) => void;
  onEvent?: (event: JobEvent) => void;
  /** Events with a greater `seq` than this are void: the job runs again from before them. */
  onVoid?: (afterSeq: number) => void;
  /** Any change of the handle. */
  onChange?: () => void;
  /** Stops waiting; a request's job is cancelled, too. */
  signal?: AbortSignal;
  /** Events kept for a reader of `events`; 1,000 unless said. */
  eventBuffer?: number;
  /** Whether a large result is fetched, or `{ result_url }` is the result; true unless said. */
  fetchResult?: boolean;
  /** The most bytes of a large result; 50 MB unless said. */
  maxResultBytes?: number;
}

/** What a handle needs of its client. */
export interface Home {
  json: Json;
  ask(frame: Record<string, unknown>): Promise<ServerFrame>;
  /** Takes a request back that was not sent yet; false if it was. */
  takeBack(job: Job<unknown>): boolean;
  /** The job's id or its end is new. */
  moved(job: Job<unknown>): void;
  unwatch(job: Job<unknown>): void;
}

const END_MS = 1_000;

/** A request or a job that is followed. It can be awaited for its result. */
export class Job<R = unknown> implements PromiseLike<R> {
  requestId: string | undefined;
  jobId: string | undefined;
  action: string | undefined;
  state: JobState = 'sent';
  /** The newest, if there was any. */
  progress: Progress | undefined;
  /** What the job annotated its result with. */
  metadata: Record<string, string> | undefined;
  readonly durations: Durations = {};

  /** @internal its frames come to this connection as its owner's */
  own = false;
  /** @internal it is cancelled when its owner is away */
  fragile = false;
  /** @internal */
  seq = 0;
  /** @internal */
  kinds: FrameKind[] | undefined;
  /** @internal the hello or subscribe that tells how it stands; frames wait for it */
  attaching: unknown;
  /** @internal the next hello names it alone */
  alone = false;
  /** @internal a frame of it stands for the acknowledgment, which may be lost: nothing else may come */
  unconfirmed = false;

  readonly #home: Home;
  readonly #options: FollowOptions;
  readonly #queue: EventQueue;
  readonly #from = Date.now();
  readonly #promise: Promise<R>;
  readonly #accepted: Promise<void>;
  #settle!: (value: R | PromiseLike<R>) => void;
  #reject!: (error: StreamerError) => void;
  #accept!: () => void;
  #ended = false;
  #silent = false;
  #held: ServerFrame[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unlisten: (() => void) | undefined;

  /** @internal */
  constructor(home: Home, options: FollowOptions) {
    this.#home = home;
    this.#options = options;
    this.#queue = new EventQueue(options.eventBuffer ?? 1_000, (problem) => this.#error(problem));
    this.#promise = new Promise((resolve, reject) => {
      this.#settle = resolve;
      this.#reject = reject;
    });
    // who only reads its events need not catch what its promise says
    this.#promise.catch(() => {});
    this.#accepted = new Promise((resolve) => (this.#accept = resolve));
    const { signal } = options;
    if (signal) {
      const abort = () => this.#abort(signal.reason);
      signal.addEventListener('abort', abort);
      this.#unlisten = () => signal.removeEventListener('abort', abort);
      if (signal.aborted) {
        queueMicrotask(abort);
      }
    }
  }

  /** Whether it has ended. */
  get done(): boolean {
    return this.#ended;
  }

  /**
   * Its events, oldest first, each to one reader. What a later attempt voids is left out, if it is
   * not read yet. Ends with the job, whichever way; throws `EVENTS_LOST` where more events came than
   * are kept, and goes on behind them when it is read again.
   */
  get events(): AsyncIterable<JobEvent> {
    return { [Symbol.asyncIterator]: () => this.#queue.read() };
  }

  then<A = R, B = never>(
    done?: ((value: R) => A | PromiseLike<A>) | null,
    failed?: ((error: StreamerError) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#promise.then(done, failed);
  }

  catch<B = never>(failed?: ((error: StreamerError) => B | PromiseLike<B>) | null): Promise<R | B> {
    return this.#promise.catch(failed);
  }

  finally(over?: (() => void) | null): Promise<R> {
    return this.#promise.finally(over);
  }

  /** Waits until it is accepted as a job; gives the job's id, or nothing if it was answered on the spot. */
  async accepted(): Promise<string | undefined> {
    await this.#accepted;
    return this.jobId;
  }

  /** Asks the server how the job stands. */
  async status(): Promise<StatusAnswer> {
    await this.#accepted;
    const name = this.jobId ? { job_id: this.jobId } : { request_id: this.requestId };
    return (await this.#home.ask({ type: 'status', ...name })).data as StatusAnswer;
  }

  /**
   * Asks for the job to stop, and waits for its end.
   *
   * @returns true if it was cancelled, false if it ended otherwise before
   */
  async cancel(): Promise<boolean> {
    if (!this.#ended && this.#home.takeBack(this as Job<unknown>)) {
      this.fail(failure('CANCELLED', 'cancelled before it was sent'));
    }
    await this.#accepted;
    if (!this.#ended) {
      const asked = this.#home.ask({ type: 'cancel', job_id: this.jobId });
      const over = this.#promise.catch(() => {});
      // the end may overtake the answer
      await Promise.race([asked.then(({ data }) => this.#expectEnd(data as Snapshot)), over]);
      await over;
    }
    return this.state === 'cancelled';
  }

  /** Follows it no longer. The job itself goes on; who awaits it here gets `ABORTED`. */
  unsubscribe(): void {
    this.#reject(this.#error(failure('ABORTED', 'no longer followed')));
    this.#home.unwatch(this as Job<unknown>);
    this.#leave();
  }

  /** @internal the answer to its request, or the acknowledgment */
  answered(frame: ServerFrame): void {
    if (frame.type === 'error') {
      this.fail(frame.error!);
    } else if (frame.type === 'acknowledgment') {
      this.accept(frame.job_id!);
      if (frame.snapshot) {
        this.#look(frame.snapshot);
      }
    } else {
      this.#end('succeeded', () => this.#settle(frame.data as R));
    }
  }

  /** @internal */
  accept(jobId: string): void {
    if (!this.jobId) {
      this.jobId = jobId;
      this.durations.accepted = this.#passed();
      this.#move('accepted');
      this.#home.moved(this as Job<unknown>);
      this.#accept();
    }
  }

  /** @internal how it stands, from a welcome or a subscription */
  attached({ snapshot, events, next }: Attached, live: boolean): void {
    this.unconfirmed = false;
    this.requestId ??= snapshot.request_id;
    this.action ??= snapshot.action;
    events.forEach((event) => this.#apply(event));
    this.#look(snapshot);
    if (live && next === undefined) {
      this.release();
    }
  }

  /** @internal lets the frames go that waited for an answer */
  release(): void {
    this.attaching = undefined;
    this.#held.splice(0).forEach((frame) => this.#apply(frame));
  }

  /** @internal whether it has seen more than the server knows: the job lives anew */
  mayBeAhead({ seq, status }: Snapshot): boolean {
    return hasEnded(status) ? seq < this.seq : epochOf(seq) < epochOf(this.seq);
  }

  /** @internal what it has seen is void, all of it */
  restart(): void {
    this.seq = 0;
    this.progress = undefined;
    this.#void(0);
  }

  /** @internal */
  take(frame: ServerFrame): void {
    if (this.attaching) {
      this.#held.push(frame);
    } else {
      this.#apply(frame);
    }
  }

  #apply(frame: ServerFrame): void {
    const seq = frame.seq ?? 0;
    // a worker that lost its job has a lower epoch, and so has all it sends
    if (this.#ended || seq <= this.seq || !this.#wants(frame.type)) {
      return;
    }
    this.seq = seq;
    switch (frame.type) {
      case 'progress':
        this.#step(frame);
        break;
      case 'event': {
        const event = { name: frame.name ?? '', data: frame.data, seq };
        this.#move('running');
        this.#queue.push(event);
        this.#tell(this.#options.onEvent, event);
        break;
      }
      case 'rewind':
        this.#void(frame.after_seq ?? 0);
        break;
      case 'complete':
        this.metadata = frame.metadata;
        this.#succeed(frame);
        break;
      case 'error':
        this.fail(frame.error!);
    }
  }

  #wants(type: string | undefined): boolean {
    const kind = type === 'progress' ? type : type === 'event' || type === 'rewind' ? 'event' : 'terminal';
    return kind === 'terminal' || !this.kinds || this.kinds.includes(kind);
  }

  #void(afterSeq: number): void {
    this.#queue.rewind(afterSeq);
    this.#tell(this.#options.onVoid, afterSeq);
  }

  #look(snapshot: Snapshot): void {
    if (hasEnded(snapshot.status)) {
      this.#expectEnd(snapshot);
    } else if (snapshot.attempt > 0 && (snapshot.seq > this.seq || snapshot.percentage > (this.progress?.percentage ?? 0))) {
      this.#step(snapshot);
    }
  }

  #step({ percentage = 0, message = '', attempt = 1, metadata }: ServerFrame | Snapshot & { metadata?: undefined }): void {
    const before = this.progress;
    const now = { percentage: Math.max(percentage, before?.percentage ?? 0), message, attempt };
    this.progress = metadata ? { ...now, metadata } : now;
    this.#move('running');
    this.#tell(this.#options.onProgress, this.progress);
  }

  /** The end follows; where it does not, as behind an end that was there before, it is asked for. */
  #expectEnd(snapshot: Snapshot): void {
    if (hasEnded(snapshot.status) && !this.#ended && !this.#timer) {
      this.#timer = setTimeout(async () => {
        const answer = this.attaching ? undefined : await this.status().catch(() => undefined);
        this.#timer = undefined;
        if (this.attaching) {
          // what came before the end is still to be read
          this.#expectEnd(snapshot);
        } else if (answer?.error) {
          this.fail(answer.error);
        } else if (answer && hasEnded(answer.status)) {
          this.#succeed(answer);
        }
      }, END_MS);
    }
  }

  #succeed({ result, result_url: url }: { result?: unknown; result_url?: string }): void {
    const { fetchResult: wanted = true, maxResultBytes = 50 * 1024 * 1024 } = this.#options;
    const fresh = async () => (await this.status()).result_url;
    const value = !url
      ? result
      : wanted
        ? fetchResult(url, maxResultBytes, this.#home.json, this.#names(), fresh)
        : { result_url: url };
    this.#end('succeeded', () => this.#settle(value as R));
  }

  /** @internal */
  fail(problem: Problem): void {
    const error = this.#error(problem);
    this.#end(problem.code === 'CANCELLED' ? 'cancelled' : 'failed', () => this.#reject(error));
  }

  #end(state: JobState, settle: () => void): void {
    if (!this.#ended) {
      this.#ended = true;
      this.durations.ended = this.#passed();
      clearTimeout(this.#timer);
      settle();
      this.#queue.end();
      this.#accept();
      this.#home.moved(this as Job<unknown>);
      this.#move(state);
      this.#leave();
    }
  }

  #abort(reason: unknown): void {
    const problem = failure('ABORTED', 'aborted by its caller');
    this.#reject(new StreamerError(problem, { ...this.#names(), cause: reason }));
    if (this.own) {
      this.#silent = true;
      this.cancel().catch(() => {});
    } else {
      this.#home.unwatch(this as Job<unknown>);
    }
    this.#leave();
  }

  #leave(): void {
    this.#silent = true;
    this.#queue.end();
    this.#unlisten?.();
  }

  #error(problem: Problem): StreamerError {
    return new StreamerError(problem, this.#names());
  }

  #names(): { requestId?: string; jobId?: string } {
    const { requestId, jobId } = this;
    return { ...(requestId && { requestId }), ...(jobId && { jobId }) };
  }

  #passed(): number {
    return Date.now() - this.#from;
  }

  #move(state: JobState): void {
    if (state === 'running') {
      this.durations.started ??= this.#passed();
    }
    this.state = state;
    this.#tell(this.#options.onChange, undefined);
  }

  #tell<T>(listener: ((value: T) => void) | undefined, value: T): void {
    if (!this.#silent) {
      tell(listener, value);
    }
  }
}
