import { parse } from './json.js';

const LONGEST_WAIT_MS = 15_000;
// with these the same token and tenant would be turned away again
const FINAL = new Map([[4403, 'forbidden'], [4503, 'the tenant is suspended']]);

/**
 * A client's connection: opens sockets, says hello, and comes back when one ends. Frames that
 * arrive before the welcome wait for it, so that they are told after the snapshots in it.
 */
export class Connection extends EventTarget {
  #socket = null;
  #ready = false;
  #tries = 0;
  #timer = 0;
  #attempt = 0;
  #lastSeq;

  /** @param lastSeq gives the jobs to go on with: {job_id: seq} */
  constructor(lastSeq) {
    super();
    this.#lastSeq = lastSeq;
  }

  get ready() {
    return this.#ready;
  }

  /** Sends a frame, an object or its JSON text. */
  send(frame) {
    this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Opens the next socket now; the one in use is dropped when the next one is welcome. */
  async connect() {
    clearTimeout(this.#timer);
    const attempt = ++this.#attempt;
    this.#tell(this.#ready ? 'open' : 'connecting', this.#ready ? 'connected' : 'connecting');
    let token;
    try {
      const answer = await fetch('/console/token', { method: 'POST' });
      const body = await answer.json();
      if (!answer.ok) {
        throw new Error(body.error.message);
      }
      token = body.token;
    } catch (e) {
      if (attempt === this.#attempt) {
        this.#again(e instanceof TypeError ? 'no connection' : e.message);
      }
      return;
    }
    if (attempt !== this.#attempt) {
      return;
    }
    const previous = this.#socket;
    const socket = new WebSocket(`ws://${location.host}/ws`, ['streamer.v1', `bearer.${base64url(token)}`]);
    const held = [];
    let welcome = false;
    this.#socket = socket;
    this.#ready = false;
    socket.onopen = () => this.send({ type: 'hello', last_seq: this.#lastSeq() });
    socket.onmessage = ({ data }) => {
      const frame = parse(data);
      if (welcome) {
        this.#take(frame);
      } else if (frame.type === 'welcome') {
        welcome = true;
        this.#tries = 0;
        this.#ready = true;
        previous?.close(1000);
        this.#tell('open', 'connected');
        this.#take(frame);
        held.forEach((one) => this.#take(one));
      } else {
        held.push(frame);
      }
    };
    socket.onclose = ({ code, reason }) => {
      if (socket !== this.#socket) {
        return;
      }
      this.#ready = false;
      this.#socket = null;
      if (FINAL.has(code)) {
        this.#tell('closed', FINAL.get(code));
      } else {
        this.#again(reason || 'connection lost');
      }
    };
  }

  #take(frame) {
    if (frame.type === 'goaway') {
      this.#timer = setTimeout(() => this.connect(), frame.reconnect_in_ms);
    } else {
      this.dispatchEvent(new CustomEvent('frame', { detail: frame }));
    }
  }

  #again(why) {
    const longest = Math.min(LONGEST_WAIT_MS, 500 * 2 ** this.#tries++);
    const wait = longest * (0.5 + Math.random() / 2);
    this.#tell('waiting', `${why}; next try in ${Math.ceil(wait / 1000)} s`);
    this.#timer = setTimeout(() => this.connect(), wait);
  }

  #tell(state, text) {
    this.dispatchEvent(new CustomEvent('state', { detail: { state, text } }));
  }
}

function base64url(token) {
  return btoa(token).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
