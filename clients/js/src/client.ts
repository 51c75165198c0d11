import { Asks, promised } from './asks.js';
import { failure, type Problem } from './error.js';
import type { Attached, FrameKind, Hello, Json, ServerFrame, StatusAnswer } from './frames.js';
import { Job, type FollowOptions } from './job.js';
import { Keep, type KeptJob } from './keep.js';
import type { Line } from './line.js';
import { Link, type ConnectionState, type Token } from './link.js';
import type { WebSocketConstructor } from './socket.js';
import { tell } from './tell.js';

/** Actions by name, each with its payload and its result: `{ quote: [Quote, Price] }`. */
export type Actions<A> = { [K in keyof A]: [payload: unknown, result: unknown] };

/** Any action, any payload; what comes back is the caller's to know. */
export type AnyActions = Record<string, [payload: unknown, result: any]>;

export interface ClientOptions {
  /** A JWT, or what gives one: it is asked before each connect. */
  token: Token;
  /** Keeps the jobs under way in sessionStorage: after a reload they stand in `kept`. */
  persist?: boolean;
  /** Where there is none in the platform, or another is wanted: `WebSocket` of the package `ws`. */
  webSocket?: WebSocketConstructor;
  /** Reads and writes frames and large results, instead of the platform's JSON. */
  json?: Json;
  /** Milliseconds that a request waits for a connection; 30,000 unless said. */
  waitMs?: number;
  /** Milliseconds until an answer or an acknowledgment must be there; 60,000 unless said. */
  answerMs?: number;
}

export interface RequestOptions extends FollowOptions {
  /** The same id, action and payload are one job; a fresh id unless said. */
  id?: string;
  /** `job`: it is a job and may be sent again, under its id, when its answer was lost. */
  retry?: 'job';
  metadata?: Record<string, string>;
  /** W3C trace context. */
  traceparent?: string;
  /** Milliseconds from acceptance to the earliest start. */
  delayMs?: number;
  /** Milliseconds from acceptance to the job's end. */
  deadlineMs?: number;
  onDisconnect?: 'keep' | 'cancel';
  waitMs?: number;
  answerMs?: number;
}

export interface AttachOptions extends FollowOptions {
  /** Which kinds; all unless said. The end is always told. */
  frames?: FrameKind[];
  /** Events up to this number are not wanted any more. */
  afterSeq?: number;
}

type Arguments<P> = undefined extends P
  ? [payload?: P, options?: RequestOptions]
  : [payload: P, options?: RequestOptions];

const MOST_JOBS_OF_HELLO = 64;
const AGAIN_MS = 2_000;

/** What waits for a hello on one line, and whether one is under way. */
class Hellos {
  jobs: Job<any>[] = [];
  busy = false;
}

/** A client of Streamer's gateway. It connects with its first request. */
export class StreamerClient<A extends Actions<A> = AnyActions> {
  readonly #link: Link;
  readonly #asks: Asks;
  readonly #options: ClientOptions;
  readonly #keep: Keep | undefined;
  readonly #jobs = new Map<string, Job[]>();
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  readonly #online = () => this.#link.wake();
  readonly #seen = () => document.hidden || this.#link.wake();
  #kept: KeptJob[] = [];
  #hellos = new Hellos();
  #parting = false;

  constructor(url: string, options: ClientOptions) {
    this.#options = options;
    this.#home.json = options.json ?? JSON;
    this.#link = new Link(url, options.token, options.webSocket, this.#home.json, {
      hello: () => this.#hello(),
      welcome: (line, before) => this.#welcome(line, before),
      frame: (line, frame) => this.#take(line, frame),
      lost: (line, reason) => this.#asks.lost(line, reason),
      closed: (reason) => this.#closed(reason),
      state: (state) => this.#state(state),
    });
    this.#asks = new Asks(this.#link, typeof options.token === 'function');
    if (options.persist) {
      this.#keep = new Keep(url);
      this.#kept = this.#keep.read();
    }
  }

  get state(): ConnectionState {
    return this.#link.state;
  }

  /** With `persist`, the jobs that were under way before a reload and have not ended since: attach to them. */
  get kept(): readonly KeptJob[] {
    return this.#kept;
  }

  /** Tells each change of the connection's state; gives what ends it. */
  onState(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Connects now, also after the connection was closed for good. */
  connect(): void {
    this.#link.left = false;
    this.#link.connect();
  }

  /** Leaves. What is not answered fails; jobs go on without this client. */
  close(): void {
    this.#link.left = true;
    this.#link.close('closed by its user');
  }

  /** Asks for an action. What is given back can be awaited for the result, be it a job's or not. */
  request<K extends keyof A & string>(action: K, ...[payload, options = {}]: Arguments<A[K][0]>): Job<A[K][1]> {
    const { id = newId(), metadata, traceparent, delayMs, deadlineMs, onDisconnect, retry } = options;
    const job = new Job<A[K][1]>(this.#home, options) as Job<any>;
    job.requestId = id;
    job.action = action;
    job.own = true;
    job.fragile = onDisconnect === 'cancel';
    const limits = { delay_ms: delayMs, deadline_ms: deadlineMs, on_disconnect: onDisconnect };
    const frame = {
      type: 'request',
      id,
      action,
      payload,
      metadata,
      traceparent,
      options: Object.values(limits).some((value) => value !== undefined) ? limits : undefined,
    };
    if (this.#asks.get(id)) {
      job.fail({ code: 'DUPLICATE_REQUEST', message: 'a request with this id is under way here' });
    } else if (!options.signal?.aborted) {
      this.#asks.add({
        id,
        text: this.#home.json.stringify(frame),
        safe: retry === 'job',
        bound: false,
        question: false,
        waitMs: options.waitMs ?? this.#options.waitMs ?? 30_000,
        answerMs: options.answerMs ?? this.#options.answerMs ?? 60_000,
        sent: 0,
        wanted: () => true,
        answered: (answer, line) => this.#answered(job, answer, line),
        failed: (problem) => job.fail(problem),
      });
    }
    return job;
  }

  /** Follows a job: one of the same user's, or of the tenant's with the permission `jobs:read`. */
  attach<R = unknown>(jobId: string, options: AttachOptions = {}): Job<R> {
    const job = new Job<R>(this.#home, options) as Job<any>;
    const kept = this.#kept.find((one) => one.jobId === jobId);
    job.seq = options.afterSeq ?? 0;
    job.kinds = options.frames;
    job.own = job.fragile = kept?.fragile ?? false;
    job.requestId = kept?.requestId;
    job.action = kept?.action;
    job.accept(jobId);
    if (this.#link.left) {
      job.fail(failure('CLIENT_CLOSED', 'the client was closed'));
    } else if (!this.#link.current) {
      this.#link.connect();
    } else if (job.own) {
      this.#helloOf([job]);
    } else {
      this.#subscribe(job);
    }
    return job;
  }

  /** How a job stands: any that the caller may see, by its id, or one's own by its request's. */
  async status(of: { jobId: string } | { requestId: string }): Promise<StatusAnswer> {
    const name = 'jobId' in of ? { job_id: of.jobId } : { request_id: of.requestId };
    return (await this.#home.ask({ type: 'status', ...name })).data as StatusAnswer;
  }

  readonly #home = {
    json: JSON as Json,
    ask: (frame: Record<string, unknown>) => {
      const { promise, answered, failed } = promised(frame.job_id ? { jobId: String(frame.job_id) } : {});
      this.#ask(frame, answered, failed);
      return promise;
    },
    takeBack: (job: Job<unknown>) => {
      const ask = this.#asks.get(job.requestId);
      const unsent = !job.jobId && ask?.sent === 0;
      if (unsent) {
        this.#asks.remove(ask);
      }
      return unsent;
    },
    moved: (job: Job<unknown>) => {
      const jobId = job.jobId;
      if (jobId) {
        const others = (this.#jobs.get(jobId) ?? []).filter((one) => one !== job);
        this.#put(jobId, job.done ? others : [...others, job]);
        this.#remember(job, jobId);
      }
    },
    unwatch: (job: Job<unknown>) => {
      const jobId = job.jobId ?? '';
      const others = (this.#jobs.get(jobId) ?? []).filter((one) => one !== job);
      if (jobId && !job.done) {
        job.attaching = undefined;
        this.#put(jobId, others);
        if (!job.own && this.#link.current) {
          this.#unsubscribe(jobId);
        }
      }
    },
  };

  get #all(): Job<any>[] {
    return [...this.#jobs.values()].flat();
  }

  #put(jobId: string, jobs: Job<any>[]): void {
    if (jobs.length > 0) {
      this.#jobs.set(jobId, jobs);
    } else {
      this.#jobs.delete(jobId);
    }
  }

  #remember(job: Job<unknown>, jobId: string): void {
    if (this.#keep && !this.#parting) {
      const known = this.#kept.find((one) => one.jobId === jobId);
      if (job.done ? known : !known && job.own) {
        const { requestId = '', action = '', fragile } = job;
        const others = this.#kept.filter((one) => one !== known);
        this.#kept = job.done ? others : [...others, { jobId, requestId, action, ...(fragile && { fragile }) }];
        this.#keep.write(this.#kept);
      }
    }
  }

  #ask(
    frame: Record<string, unknown>,
    answered: (frame: ServerFrame, line: Line) => void,
    failed?: (problem: Problem) => void,
    wanted = () => true,
  ): void {
    const id = newId();
    const { waitMs = 30_000, answerMs = 60_000 } = this.#options;
    const text = JSON.stringify({ ...frame, id });
    const bound = !failed;
    this.#asks.add({ id, text, safe: true, bound, question: !bound, waitMs, answerMs, sent: 0, answered, failed: failed ?? (() => {}), wanted });
  }

  /** Does it once a refusal's time is over, unless another line is there by then. */
  #again(line: Line, { retry_after_ms: wait }: Problem, what: () => void): void {
    line.later(wait ?? AGAIN_MS, () => line === this.#link.current && what());
  }

  #hello(): Hello {
    const own = [...this.#jobs].filter(([, jobs]) => jobs.some((job) => job.own));
    own.sort(([, a], [, b]) => Number(b.some((job) => job.fragile)) - Number(a.some((job) => job.fragile)));
    return { type: 'hello', id: 'hello', last_seq: lastSeq(own.slice(0, MOST_JOBS_OF_HELLO)) };
  }

  #welcome(line: Line, before: Line | undefined): void {
    this.#hellos = new Hellos();
    const isNamed = (job: Job<any>) => job.jobId! in line.named;
    this.#resumed(line.named, this.#all.filter(isNamed), line.greeting!);
    const others = this.#all.filter((job) => !isNamed(job));
    this.#helloOf(others.filter((job) => job.fragile));
    others.forEach((job) => job.fragile || this.#subscribe(job));
    this.#asks.flush(before);
  }

  #resumed(named: Record<string, number>, all: Job<any>[], { jobs = [], recovered }: ServerFrame): void {
    const found = new Map(jobs.map((attached) => [attached.snapshot.job_id, attached]));
    for (const job of all) {
      const attached = found.get(job.jobId!);
      if (!this.#jobs.get(job.jobId!)?.includes(job)) {
        // it was let go by who was told of another one
      } else if (!attached) {
        // gone, or not to be read just now: the answer to this tells
        this.#subscribe(job);
      } else if (recovered !== false || !job.mayBeAhead(attached.snapshot)) {
        this.#attached(job, attached);
      } else if (Object.keys(named).length > 1) {
        // its number is above the job's; other jobs that were named with it may be why it is not recovered
        this.#helloOf([job], true);
      } else {
        job.restart();
        this.#attached(job, attached);
      }
    }
  }

  #attached(job: Job<any>, attached: Attached): void {
    job.attached(attached, true);
    // who was told of what it brings may have let it go
    if (attached.next !== undefined && this.#jobs.get(job.jobId!)?.includes(job)) {
      this.#subscribe(job, attached.next);
    }
  }

  /** @param alone no other is named with them */
  #helloOf(jobs: Job<any>[], alone = false): void {
    for (const job of jobs) {
      job.attaching = this.#hellos;
      job.alone = alone;
      job.unconfirmed = false;
    }
    this.#hellos.jobs.push(...jobs);
    this.#sayHello(this.#hellos);
  }

  /** One at a time, as the server takes no more: the next names all that came meanwhile. */
  #sayHello(turn: Hellos): void {
    const waiting = (turn.jobs = turn.jobs.filter((job) => job.attaching === turn));
    const alone = waiting.findIndex((job) => job.alone);
    const said = waiting.slice(0, Math.min(alone < 0 ? Infinity : alone || 1, MOST_JOBS_OF_HELLO));
    if (turn.busy || !said.length) {
      return;
    }
    turn.busy = true;
    const named = lastSeq(said.map(({ jobId }) => [jobId!, said.filter((job) => job.jobId === jobId)]));
    this.#ask({ type: 'hello', last_seq: named }, (frame, line) => {
      const next = () => {
        turn.busy = false;
        this.#sayHello(turn);
      };
      const { error } = frame;
      if (error?.retryable) {
        this.#again(line, error, next);
        return;
      }
      turn.jobs = turn.jobs.filter((job) => !said.includes(job));
      const all = said.filter((job) => job.attaching === turn);
      if (error) {
        all.forEach((job) => this.#subscribe(job));
      } else {
        this.#resumed(named, all, frame);
      }
      next();
    });
  }

  #unsubscribe(jobId: string): void {
    // somebody may follow it again
    const wanted = () => !this.#jobs.has(jobId);
    const answered = ({ error }: ServerFrame, line: Line) => {
      if (error?.retryable) {
        this.#again(line, error, () => this.#unsubscribe(jobId));
      } else {
        // of those who follow it again meanwhile
        this.#jobs.get(jobId)?.forEach((job) => this.#subscribe(job));
      }
    };
    wanted() && this.#ask({ type: 'unsubscribe', job_id: jobId }, answered, undefined, wanted);
  }

  #subscribe(job: Job<any>, after = job.seq): void {
    const turn = {};
    job.attaching = turn;
    const wanted = () => job.attaching === turn && !job.done;
    const all = this.#jobs.get(job.jobId!) ?? [];
    const kinds = all.every((one) => one.kinds) ? [...new Set(all.flatMap((one) => one.kinds!)), 'terminal'] : undefined;
    const answered = ({ error, data }: ServerFrame, line: Line) => {
      if (!wanted()) {
        return;
      }
      if (!error) {
        this.#attached(job, data as Attached);
      } else if (error.retryable) {
        this.#again(line, error, () => wanted() && this.#subscribe(job, after));
      } else {
        job.fail(error);
      }
    };
    this.#ask({ type: 'subscribe', job_id: job.jobId, after_seq: after, frames: kinds }, answered, undefined, wanted);
  }

  #answered(job: Job<any>, frame: ServerFrame, line: Line): void {
    const known = this.#jobs.get(frame.job_id ?? '');
    job.answered(frame);
    const current = this.#link.current;
    if (frame.type === 'acknowledgment' && !job.done && current) {
      if (line !== current) {
        // acknowledged on the line that was left
        this.#helloOf([job]);
      } else if (known && frame.status === 'duplicate') {
        // what this connection has had for another handle is not sent again
        this.#subscribe(job);
      }
    }
  }

  #take(line: Line, frame: ServerFrame): void {
    const { type, job_id: jobId, seq } = frame;
    const ask = this.#asks.get(frame.request_id);
    const isCurrent = line === this.#link.current;
    if (!type) {
      this.#asks.repeat(line);
      // what API Gateway lost may be the request of a job whose frames have come
      this.#helloOf(this.#all.filter((job) => isCurrent && job.unconfirmed));
      return;
    }
    const jobs = () => this.#jobs.get(jobId ?? '') ?? [];
    if (jobId && seq !== undefined) {
      if (ask && !this.#jobs.has(jobId)) {
        // it overtook its acknowledgment, and stands for it
        this.#asks.answer(ask, { type: 'acknowledgment', job_id: jobId }, line);
        jobs().forEach((job) => (job.unconfirmed = isCurrent));
      }
      jobs().forEach((job) => job.take(frame));
    } else if (ask && ['response', 'acknowledgment', 'error', 'welcome'].includes(type)) {
      this.#asks.answer(ask, frame, line);
    } else if (type === 'acknowledgment') {
      jobs().forEach((job) => (job.unconfirmed = false));
    }
  }

  #state(state: ConnectionState): void {
    const { name } = state;
    if (name === 'connecting' || name === 'closed') {
      const change = name === 'closed' ? 'removeEventListener' : 'addEventListener';
      globalThis[change]?.('online', this.#online);
      globalThis.document?.[change]('visibilitychange', this.#seen);
    }
    this.#listeners.forEach((listener) => tell(listener, state));
  }

  #closed(reason: string): void {
    const details = { may_have_started: true };
    const code = this.#link.left ? 'CLIENT_CLOSED' : 'CONNECTION_LOST';
    // the jobs go on: they are kept
    this.#parting = true;
    this.#asks.failAll(reason);
    for (const job of this.#all) {
      job.fail(failure(code, reason, { details }));
    }
    this.#parting = false;
  }
}

const lastSeq = (jobs: [string, Job<any>[]][]): Record<string, number> =>
  Object.fromEntries(jobs.map(([jobId, all]) => [jobId, Math.min(...all.map((job) => job.seq))]));

function newId(): string {
  // randomUUID is there in secure contexts alone
  return crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}
