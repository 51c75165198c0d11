import { failure, StreamerError, type Problem } from './error.js';
import type { ServerFrame } from './frames.js';
import type { Line } from './line.js';
import type { Link } from './link.js';

/** A frame that waits for its answer. */
export interface Ask {
  id: string;
  text: string;
  /** Once more does no harm. */
  safe: boolean;
  /** Belongs to one line: whoever makes the next one asks anew. */
  bound: boolean;
  /** The client's own: asked again when it was refused because too much was under way. */
  question: boolean;
  waitMs: number;
  answerMs: number;
  answered(frame: ServerFrame, line: Line): void;
  failed(problem: Problem): void;
  /** Whether it is to be said again. */
  wanted(): boolean;
  line?: Line | undefined;
  /** How often it was sent. */
  sent: number;
  /** The line that may have lost it. */
  doubted?: Line;
  /** Milliseconds that it may yet be put off. */
  patience?: number;
  renewed?: boolean;
  timer?: ReturnType<typeof setTimeout> | undefined;
}

const MOST_WAITING = 1_000;
const MOST_SENT = 3;
// API Gateway gives an answer that long, and then none any more
const GATEWAY_MS = 30_000;
const LEAST_WAIT_MS = 100;

/** What was asked and is not answered yet, sent or waiting for a line. */
export class Asks {
  readonly #asks = new Map<string, Ask>();
  readonly #link: Link;
  readonly #newTokens: boolean;

  /** @param newTokens whether another token may be had */
  constructor(link: Link, newTokens: boolean) {
    this.#link = link;
    this.#newTokens = newTokens;
  }

  get(id: string | undefined): Ask | undefined {
    return id === undefined ? undefined : this.#asks.get(id);
  }

  add(ask: Ask): void {
    if (this.#link.left) {
      ask.failed(failure('CLIENT_CLOSED', 'the client was closed'));
      return;
    }
    if (!this.#link.current && this.#waiting() >= MOST_WAITING) {
      ask.failed(failure('TOO_MANY_WAITING', `${MOST_WAITING} requests wait for a connection`, { retryable: true }));
      return;
    }
    this.#asks.set(ask.id, ask);
    this.#send(ask);
  }

  /** Takes it out, answered or not. */
  remove(ask: Ask): void {
    clearTimeout(ask.timer);
    this.#asks.delete(ask.id);
    this.#sweep(ask.line);
  }

  answer(ask: Ask, frame: ServerFrame, line: Line): void {
    // through API Gateway a connection outlives its token; nothing was done yet
    if (frame.type === 'error' && frame.error?.code === 'UNAUTHORIZED' && this.#newTokens && !ask.renewed) {
      if (ask.bound) {
        this.remove(ask);
      } else {
        ask.renewed = true;
        this.#wait(ask);
      }
      this.#link.renew();
      return;
    }
    if (frame.type === 'error' && ask.question && this.#putOff(ask, frame.error!)) {
      return;
    }
    this.remove(ask);
    ask.answered(frame, line);
  }

  /** A line is there: what waits is sent. */
  flush(before: Line | undefined): void {
    for (const ask of [...this.#asks.values()]) {
      // whoever is told of one may take others out
      if (!ask.line && this.get(ask.id) === ask) {
        this.#send(ask);
      }
    }
    this.#sweep(before);
  }

  /** A line is gone, and with it the answers that would have come on it. */
  lost(line: Line, reason: string): void {
    for (const ask of this.#on(line)) {
      if (this.get(ask.id) !== ask) {
        continue;
      }
      if (ask.bound) {
        this.remove(ask);
      } else if (ask.safe) {
        this.#send(ask);
      } else {
        this.#fail(ask, reason);
      }
    }
  }

  /** API Gateway lost a frame, without a word which; what is said again may be lost as well. */
  repeat(line: Line): void {
    line.paced(() => this.#repeat(line));
  }

  #repeat(line: Line): void {
    for (const ask of this.#on(line)) {
      if (ask.safe || ask.bound) {
        ask.wanted() && line.send(ask.text);
      } else if (ask.doubted !== line) {
        ask.doubted = line;
        this.#limit(ask, GATEWAY_MS, () => this.#fail(ask, 'no answer'));
      }
    }
  }

  failAll(reason: string): void {
    for (const ask of [...this.#asks.values()]) {
      this.#fail(ask, reason);
    }
  }

  #send(ask: Ask): void {
    const line = (ask.bound && ask.line) || this.#link.current;
    if (!line) {
      this.#wait(ask);
      this.#link.connect();
      return;
    }
    const { limit } = line;
    const most = line.greeting?.[limit] ?? Infinity;
    const size = ask.text.length * 3 > most ? new TextEncoder().encode(ask.text).length : 0;
    if (size > most) {
      const details = { size_bytes: size, [limit]: most };
      this.remove(ask);
      ask.failed(failure('PAYLOAD_TOO_LARGE', `the message has ${size} bytes, and ${limit} is ${most}`, { details }));
      return;
    }
    ask.line = line;
    ask.sent++;
    this.#limit(ask, ask.answerMs, () => {
      if (!ask.wanted()) {
        this.remove(ask);
      } else if (ask.safe && ask.sent < MOST_SENT) {
        this.#send(ask);
      } else if (ask.bound) {
        // others wait behind it
        line.fail(4408, 'no answer');
      } else {
        this.#fail(ask, 'no answer');
      }
    });
    line.send(ask.text);
  }

  #wait(ask: Ask): void {
    ask.line = undefined;
    this.#limit(ask, ask.waitMs, () => {
      const { state } = this.#link;
      this.#fail(ask, `no connection in time${'reason' in state ? `: ${state.reason}` : ''}`);
    });
  }

  /** Nothing was done, as too much was under way: it is asked later, for as long as an answer may take. */
  #putOff(ask: Ask, { code, retry_after_ms: ms = Infinity }: Problem): boolean {
    const wait = Math.max(ms, LEAST_WAIT_MS);
    ask.patience = (ask.patience ?? ask.answerMs) - wait;
    const later = code === 'RATE_LIMITED' && ask.patience >= 0;
    if (later) {
      ask.sent--;
      this.#limit(ask, wait, () => this.#send(ask));
    }
    return later;
  }

  #limit(ask: Ask, ms: number, over: () => void): void {
    clearTimeout(ask.timer);
    ask.timer = ms === Infinity ? undefined : setTimeout(over, ms);
  }

  #fail(ask: Ask, reason: string): void {
    this.remove(ask);
    ask.failed(
      ask.sent > 0
        ? failure('CONNECTION_LOST', reason, { retryable: ask.safe, details: { may_have_started: true } })
        : failure('NOT_CONNECTED', reason, { retryable: true }),
    );
  }

  #waiting(): number {
    let count = 0;
    for (const { line } of this.#asks.values()) {
      count += line ? 0 : 1;
    }
    return count;
  }

  #on(line: Line): Ask[] {
    return [...this.#asks.values()].filter((ask) => ask.line === line);
  }

  /** A line that was left is dropped once nothing is to come on it. */
  #sweep(line: Line | undefined): void {
    if (line?.leaving && this.#on(line).length === 0) {
      line.drop();
    }
  }
}

/** A promise of the answer, as an ask has it. */
export function promised(of: { jobId?: string }): {
  promise: Promise<ServerFrame>;
  answered: Ask['answered'];
  failed: Ask['failed'];
} {
  let answered!: Ask['answered'];
  let failed!: Ask['failed'];
  const promise = new Promise<ServerFrame>((resolve, reject) => {
    failed = (problem) => reject(new StreamerError(problem, of));
    answered = (frame) => (frame.type === 'error' ? failed(frame.error!) : resolve(frame));
  });
  return { promise, answered, failed };
}
