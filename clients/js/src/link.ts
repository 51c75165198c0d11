import { comeback, delay, type Comeback } from './backoff.js';
import type { Json, ServerFrame } from './frames.js';
import { Line, type LineEvents } from './line.js';
import type { WebSocketConstructor } from './socket.js';

/** How a client's connection stands. */
export type ConnectionState =
  | { name: 'connecting' }
  | { name: 'open'; session: string }
  /** The next try is at this time, in milliseconds of the epoch. */
  | { name: 'waiting'; at: number; reason: string }
  /** It does not come back by itself. */
  | { name: 'closed'; reason: string; code?: number };

export type Token = string | (() => string | Promise<string>);

export interface LinkEvents {
  hello: LineEvents['hello'];
  /** A line is ready; the one that it follows stays for what is still to be answered on it. */
  welcome(line: Line, before: Line | undefined): void;
  frame: LineEvents['frame'];
  lost(line: Line, reason: string): void;
  /** No other line will come by itself. */
  closed(reason: string): void;
  state(state: ConnectionState): void;
}

const CALM_MS = 60_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Keeps one line open: opens the next one when the last is lost, and before it is due to end. */
export class Link {
  state: ConnectionState = { name: 'closed', reason: 'not connected yet' };
  current: Line | undefined;
  /** By its user: nothing but its user opens it again. */
  left = false;

  readonly #url: string;
  readonly #token: Token;
  readonly #make: WebSocketConstructor | undefined;
  readonly #json: Json;
  readonly #on: LinkEvents;
  #next: Line | undefined;
  #tries = 0;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #goawayAt = 0;

  constructor(url: string, token: Token, make: WebSocketConstructor | undefined, json: Json, on: LinkEvents) {
    this.#url = url;
    this.#token = token;
    this.#make = make;
    this.#json = json;
    this.#on = on;
  }

  /** Connects unless it does so already. */
  connect(): void {
    if (this.state.name === 'closed' || this.state.name === 'waiting') {
      void this.#open();
    }
  }

  /** The network is back, or somebody looks: waits no longer. */
  wake(): void {
    if (this.state.name === 'waiting') {
      void this.#open();
    }
    this.current?.probe();
  }

  /** Makes the next line, and drops this one when the next is welcome. */
  renew(): void {
    if (!this.#next) {
      void this.#open();
    }
  }

  close(reason: string, code?: number): void {
    this.#attempt++;
    clearTimeout(this.#timer);
    this.#next?.drop();
    this.current?.drop();
    this.#next = this.current = undefined;
    // whoever connects again when told must not lose what is asked from then on
    this.#on.closed(reason);
    this.#tell(code ? { name: 'closed', reason, code } : { name: 'closed', reason });
  }

  async #open(): Promise<void> {
    clearTimeout(this.#timer);
    this.#goawayAt = 0;
    const attempt = ++this.#attempt;
    const on: LineEvents = {
      hello: this.#on.hello,
      welcome: (welcome) => this.#welcome(welcome),
      frame: (from, frame) => this.#take(from, frame),
      closed: (from, ...why) => this.#closed(from, ...why),
    };
    const line = new Line(on, this.#json);
    this.#next = line;
    if (!this.current) {
      this.#tell({ name: 'connecting' });
    }
    try {
      const token = typeof this.#token === 'function' ? await this.#token() : this.#token;
      if (attempt === this.#attempt) {
        await line.open(this.#url, token, this.#make);
      }
    } catch (e) {
      if (attempt === this.#attempt) {
        line.fail(1006, e instanceof Error ? e.message : 'no token');
      }
    }
  }

  #welcome(line: Line): void {
    const old = this.current;
    this.current = line;
    this.#next = undefined;
    old?.leave();
    const welcome = line.greeting!;
    this.#later(Math.min(0.9 * (welcome.max_age_ms ?? LONGEST_TIMER_MS), LONGEST_TIMER_MS), () => this.renew());
    this.#tell({ name: 'open', session: welcome.session ?? '' });
    this.#on.welcome(line, old);
  }

  #take(line: Line, frame: ServerFrame): void {
    if (frame.type !== 'goaway') {
      this.#on.frame(line, frame);
    } else if (line === this.current) {
      const wait = frame.reconnect_in_ms ?? 0;
      this.#goawayAt = Date.now() + wait;
      this.#later(wait, () => this.renew());
    }
  }

  #closed(line: Line, code: number, reason: string, status: number | undefined, after: number): void {
    const wasNext = line === this.#next;
    const wasCurrent = line === this.current;
    if (wasNext) {
      this.#next = undefined;
    }
    if (wasCurrent) {
      this.current = undefined;
      if (Date.now() - line.openedAt >= CALM_MS) {
        this.#tries = 0;
      }
    }
    const { state } = this;
    this.#on.lost(line, reason);
    if (this.state !== state) {
      // somebody left, or came back, when told
      return;
    }
    if (this.#next && wasCurrent) {
      this.#tell({ name: 'connecting' });
    } else if (wasNext || wasCurrent) {
      this.#again(code, reason || `closed with ${code}`, comeback(code, status), after);
    }
  }

  #again(code: number, reason: string, how: Comeback, after: number): void {
    const hopeless = how === 'never' || (how === 'token' && typeof this.#token === 'string');
    // what refuses a second line does not end the first
    if (hopeless && !this.current) {
      this.close(reason, code);
      return;
    }
    // behind a goaway its moment counts
    const due = how === 'restart' && this.#goawayAt ? this.#goawayAt - Date.now() : delay(how, this.#tries);
    const wait = Math.max(due, after, 0);
    this.#tries++;
    this.#later(wait, () => void this.#open());
    if (!this.current) {
      this.#tell({ name: 'waiting', at: Date.now() + wait, reason });
    }
  }

  #later(wait: number, what: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(what, wait);
  }

  #tell(state: ConnectionState): void {
    this.state = state;
    this.#on.state(state);
  }
}
