// Drives the client by JSON lines, as clients/conformance/README.md says.
import { createInterface } from 'node:readline';
import { StreamerClient } from '../dist/esm/index.js';

const clients = new Map();
const handles = new Map();

const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** Tells of a handle all that its caller would see. */
function options(of, { metadata, ...given } = {}) {
  const { id, retry, on_disconnect: onDisconnect, delay_ms: delayMs, wait_ms: waitMs, frames, fetch_result: fetchResult, traceparent, event_buffer: eventBuffer } = given;
  const wanted = { id, retry, onDisconnect, delayMs, waitMs, frames, fetchResult, traceparent, metadata, eventBuffer };
  return {
    ...Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)),
    onProgress: (progress) => tell({ of, progress }),
    onVoid: (after) => tell({ of, void: after }),
  };
}

function follow(of, handle, { unread } = {}) {
  handles.set(of, handle);
  handle.accepted().then((jobId) => jobId && tell({ of, accepted: jobId }));
  handle.then((result) => tell({ of, result }), (error) => tell({ of, error: problem(error) }));
  if (!unread) {
    void read(of, handle);
  }
}

/** Reads the events, also behind those that are lost. */
async function read(of, handle) {
  try {
    for await (const { name, data } of handle.events) {
      tell({ of, event: { name, data } });
    }
  } catch (error) {
    tell({ of, event_error: problem(error) });
    await read(of, handle);
  }
}

function problem({ code, message, retryable, retryAfter, details, requestId, jobId, errorId, mayHaveStarted }) {
  return {
    code, message, retryable, retry_after_ms: retryAfter, details,
    request_id: requestId, job_id: jobId, error_id: errorId, may_have_started: mayHaveStarted,
  };
}

/** What is asked for and comes later is told as its own kind, or as an error of the asking. */
function later(of, kind, promise) {
  promise.then((value) => tell({ of, [kind]: value }), (error) => tell({ of, [`${kind}_error`]: problem(error) }));
}

const commands = {
  client({ client: name, url, tokens }) {
    let next = 0;
    const client = new StreamerClient(url, { token: () => tokens[Math.min(next++, tokens.length - 1)] });
    client.onState(({ name: state, reason, code }) => tell({ client: name, state: { name: state, reason, code } }));
    clients.set(name, client);
  },
  connect: ({ client }) => clients.get(client).connect(),
  close: ({ client }) => clients.get(client).close(),
  request: ({ of, client, action, payload, options: given }) =>
    follow(of, clients.get(client).request(action, payload, options(of, given)), given),
  attach: ({ of, client, job, options: given }) => follow(of, clients.get(client).attach(job, options(of, given)), given),
  read: ({ of }) => void read(of, handles.get(of)),
  unsubscribe: ({ of }) => handles.get(of).unsubscribe(),
  cancel: ({ of }) => later(of, 'cancelled', handles.get(of).cancel()),
  status: ({ of }) => later(of, 'status', handles.get(of).status()),
  // the next scenario knows none of this one's
  reset() {
    clients.forEach((client) => client.close());
    clients.clear();
    handles.clear();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  try {
    commands[command.do](command);
    tell({ done: command.n });
  } catch (e) {
    tell({ done: command.n, failed: String(e?.stack ?? e) });
  }
}
process.exit(0);
