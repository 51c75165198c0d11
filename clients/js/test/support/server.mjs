// A gateway in this process: sockets that a test answers frame by frame.
import { StreamerClient } from '../../dist/esm/index.js';
import { Clock, settle } from './clock.mjs';

export const JOB = 'Yc3kqQ0mXh7vR1bT5nLd8pWs2_A';
const EPOCH = 1_000_000_000;

/** The nth number of an epoch. */
export const seq = (n, epoch = 1) => epoch * EPOCH + n;

export class ServerSocket {
  sent = [];
  /** Bytes of each frame. */
  frames = [];
  closedByClient = null;
  open = false;
  #bytes = [];

  constructor(server, url, rest) {
    this.server = server;
    this.url = url;
    this.rest = rest;
    if (server.splits) {
      // as the package ws has it
      this.terminate = () => {};
    }
    server.sockets.push(this);
    server.arrived(this);
  }

  // what the client calls
  send(data, { fin = true } = {}) {
    if (!this.open) {
      throw new Error('the socket is not open');
    }
    const part = Buffer.from(data);
    this.frames.push(part.length);
    this.#bytes.push(part);
    if (!fin) {
      return;
    }
    const frame = JSON.parse(Buffer.concat(this.#bytes.splice(0)));
    this.sent.push(frame);
    if (frame.type === 'hello' && this.server.welcomes) {
      this.welcome();
    } else if (frame.type === 'ping' && this.server.pongs) {
      this.give({ type: 'pong' });
    }
  }

  close(code) {
    if (this.closedByClient === null) {
      this.closedByClient = code ?? 1005;
      this.open = false;
    }
  }

  // what a test does
  accept() {
    this.open = true;
    this.onopen?.({});
  }

  welcome(more = {}) {
    this.give({
      type: 'welcome', request_id: this.all('hello').at(-1).id, session: `s-${this.server.sockets.indexOf(this) + 1}`,
      recovered: true, jobs: [], ...this.server.greeting, ...more,
    });
  }

  give(frame) {
    const known = typeof frame === 'string' || frame === null;
    setImmediate(() => this.onmessage?.({ data: known ? frame ?? '' : JSON.stringify({ timestamp: 1732152000.123, ...frame }) }));
  }

  end(code = 1006, reason = '') {
    this.open = false;
    setImmediate(() => this.onclose?.({ code, reason }));
  }

  refuse(status) {
    setImmediate(() => {
      this.onerror?.({ message: `Unexpected server response: ${status}` });
      this.onclose?.({ code: 1006, reason: '' });
    });
  }

  get hello() {
    return this.all('hello')[0];
  }

  all(type) {
    return this.sent.filter((frame) => frame.type === type);
  }

  /** Answers the newest frame of this type. */
  answer(type, data) {
    this.give({ type: 'response', request_id: this.all(type).at(-1).id, success: true, data });
  }
}

export class Server {
  sockets = [];
  welcomes = true;
  pongs = true;
  /** Whether its sockets send a message in several frames. */
  splits = false;
  /** What becomes of a socket that asks to come in. */
  arrived = (socket) => setImmediate(() => socket.accept());
  greeting = { heartbeat_ms: 25_000, max_age_ms: 7_200_000, max_message_bytes: 131_072, server: 'streamer/0.1.0' };

  get WebSocket() {
    const server = this;
    return class {
      constructor(url, ...rest) {
        return new ServerSocket(server, url, rest);
      }
    };
  }

  get last() {
    return this.sockets.at(-1);
  }

  client(options = {}) {
    const client = new StreamerClient('wss://api.example.com/ws', { token: 'T', webSocket: this.WebSocket, ...options });
    client.states = [];
    client.onState((state) => client.states.push(state.name));
    return client;
  }

  /** A client with an open connection. */
  async connected(options) {
    const client = this.client(options);
    client.connect();
    await settle();
    return client;
  }
}

/** Runs a test by a clock of its own, with a server. */
export const timed = (body) => async (context) => {
  const clock = Clock.install();
  try {
    await body({ clock, server: new Server(), context });
  } finally {
    Clock.restore();
  }
};

/** A job that is acknowledged, on an open connection. */
export async function running(server, options = {}, clientOptions = {}) {
  const client = await server.connected(clientOptions);
  const seen = [];
  const job = client.request('report', { a: 1 }, { onProgress: (p) => seen.push(p), ...options });
  server.last.give(ack(job));
  await settle();
  return { client, job, seen };
}

export const ack = (job, more = {}) =>
  ({ type: 'acknowledgment', request_id: job.requestId, job_id: JOB, status: 'queued', message: 'queued', ...more });
export const progress = (n, percentage, more = {}) =>
  ({ type: 'progress', request_id: 'r', job_id: JOB, seq: n, percentage, message: `at ${percentage}`, attempt: 1, ...more });
export const event = (n, data) => ({ type: 'event', request_id: 'r', job_id: JOB, seq: n, name: 'row', data });
export const complete = (n, result = { ok: true }) => ({ type: 'complete', request_id: 'r', job_id: JOB, seq: n, success: true, result });
export const failed = (n, code, more = {}) =>
  ({ type: 'error', request_id: 'r', job_id: JOB, seq: n, error: { code, message: 'no', retryable: false, ...more } });
export const snapshot = (more = {}) => ({
  job_id: JOB, request_id: 'r', action: 'report', status: 'running', percentage: 10, message: 'early',
  seq: seq(1), attempt: 1, created_at: 1732151990.5, ...more,
});

/** How a promise stands. */
export async function outcome(promise) {
  let told = { pending: true };
  promise.then((value) => (told = { value }), (error) => (told = { error }));
  await settle();
  return told;
}
