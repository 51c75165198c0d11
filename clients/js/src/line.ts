import { failure, StreamerError } from './error.js';
import type { Hello, Json, ServerFrame } from './frames.js';
import { openSocket, type Socket, type WebSocketConstructor } from './socket.js';

const OPENING_MS = 15_000;
const PROBE_MS = 5_000;
const LEAVING_MS = 10_000;
const PACE_MS = 1_000;

export interface LineEvents {
  /** The next hello: what is followed and how far it has come. */
  hello(): Hello;
  welcome(line: Line): void;
  frame(line: Line, frame: ServerFrame): void;
  closed(line: Line, code: number, reason: string, status: number | undefined, after: number): void;
}

/** One socket, from its opening to its end: hello, heartbeats, and frames behind the welcome alone. */
export class Line {
  /** The jobs that its hello named. */
  named: Record<string, number> = {};
  greeting: ServerFrame | undefined;
  openedAt = 0;
  /** Dropped for a successor; it stays for the answers that are still to come. */
  leaving = false;

  readonly #on: LineEvents;
  readonly #json: Json;
  #socket: Socket | undefined;
  #held: ServerFrame[] = [];
  #over = false;
  #heardAt = 0;
  #probe: ReturnType<typeof setTimeout> | undefined;
  #paused = false;
  readonly #laters = new Set<ReturnType<typeof setTimeout>>();
  #owed: (() => void) | undefined;

  constructor(on: LineEvents, json: Json) {
    this.#on = on;
    this.#json = json;
  }

  async open(url: string, token: string, make: WebSocketConstructor | undefined): Promise<void> {
    this.later(OPENING_MS, () => this.greeting || this.#end(4408, 'no welcome'));
    const socket = await openSocket(url, token, make, {
      opened: () => this.#hello(),
      text: (data) => data && this.#take(data),
      closed: (code, reason, status) => this.#end(code, reason, status),
    });
    this.#socket = socket;
    if (this.#over) {
      socket.close();
    }
  }

  send(frame: object | string): void {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
    this.#socket?.send(text, this.greeting?.max_frame_bytes);
  }

  /** Which of the welcome's limits holds for a message. */
  get limit(): 'max_message_bytes' | 'max_frame_bytes' {
    const { max_message_bytes = Infinity, max_frame_bytes = Infinity } = this.greeting ?? {};
    return max_frame_bytes < max_message_bytes && !this.#socket?.splits ? 'max_frame_bytes' : 'max_message_bytes';
  }

  /** Makes sure within seconds that somebody is there. */
  probe(): void {
    if (this.greeting && !this.#probe) {
      this.send({ type: 'ping' });
      this.#probe = setTimeout(() => this.#end(4408, 'no answer'), PROBE_MS);
    }
  }

  /** Closes it soon; nothing is told of it any more once it is closed. */
  leave(): void {
    this.leaving = true;
    this.later(LEAVING_MS, () => this.#end(1000, 'left'));
  }

  /** Says again what may be lost: at once, but once a second at most. */
  paced(say: () => void): void {
    this.#owed = say;
    this.#paused || this.#pace();
  }

  #pace(): void {
    const say = this.#owed;
    this.#owed = undefined;
    this.#paused = !!say;
    if (say) {
      this.later(PACE_MS, () => this.#pace());
      say();
    }
  }

  /** Does it then, unless it is over by then. */
  later(ms: number, what: () => void): void {
    const timer = setTimeout(() => {
      this.#laters.delete(timer);
      what();
    }, ms);
    this.#laters.add(timer);
  }

  /** Ends it without a word to anybody here; false if it was over. */
  drop(): boolean {
    if (this.#over) {
      return false;
    }
    this.#laters.forEach((timer) => clearTimeout(timer));
    clearTimeout(this.#probe);
    this.#socket?.close();
    return (this.#over = true);
  }

  /** Ends it as if the server had closed it. */
  fail(code: number, reason: string, after = 0): void {
    this.#end(code, reason, undefined, after);
  }

  #hello(): void {
    const hello = this.#on.hello();
    this.named = hello.last_seq;
    this.send(hello);
  }

  #take(text: string): void {
    this.#heardAt = Date.now();
    clearTimeout(this.#probe);
    this.#probe = undefined;
    let frame: ServerFrame;
    try {
      frame = this.#json.parse(text);
    } catch {
      return;
    }
    if (this.greeting) {
      this.#on.frame(this, frame);
    } else if (frame.type === 'welcome') {
      this.#welcome(frame);
    } else if (frame.type === 'error' && frame.request_id === 'hello') {
      const error = new StreamerError(frame.error ?? failure('CONNECTION_LOST', 'no welcome'));
      const code = error.code === 'UNAUTHORIZED' ? 4401 : error.retryable ? 1006 : 1002;
      this.#end(code, error.message, undefined, error.retryAfter);
    } else if (frame.type) {
      this.#held.push(frame);
    } else {
      // API Gateway lost the hello
      this.paced(() => this.greeting || this.#hello());
    }
  }

  #welcome(frame: ServerFrame): void {
    this.greeting = frame;
    this.openedAt = Date.now();
    this.#beat(frame.heartbeat_ms ?? 25_000);
    this.#on.welcome(this);
    for (const held of this.#held.splice(0)) {
      this.#on.frame(this, held);
    }
  }

  #beat(every: number): void {
    this.later(every, () => {
      if (Date.now() - this.#heardAt >= 2 * every) {
        this.#end(4408, 'silent for two heartbeats');
      } else {
        this.send({ type: 'ping' });
        this.#beat(every);
      }
    });
  }

  #end(code: number, reason: string, status?: number, after = 0): void {
    this.drop() && this.#on.closed(this, code, reason, status, after);
  }
}
