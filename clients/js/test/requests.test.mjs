import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamerError } from '../dist/esm/index.js';
import { settle } from './support/clock.mjs';
import { ack, complete, failed, JOB, outcome, progress, running, seq, snapshot, timed } from './support/server.mjs';

test('a request carries what it is given and nothing else', timed(async ({ server }) => {
  const client = await server.connected();
  client.request('echo');
  client.request('echo', null, { id: 'r-1' });
  client.request('report', { a: 1 }, {
    id: 'r-2', metadata: { k: 'v' }, traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    delayMs: 5, deadlineMs: 10, onDisconnect: 'cancel',
  });
  const [plain, named, full] = server.last.all('request');
  assert.deepEqual(Object.keys(plain).sort(), ['action', 'id', 'type']);
  assert.match(plain.id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(named, { type: 'request', id: 'r-1', action: 'echo', payload: null });
  assert.deepEqual(full, {
    type: 'request', id: 'r-2', action: 'report', payload: { a: 1 }, metadata: { k: 'v' },
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    options: { delay_ms: 5, deadline_ms: 10, on_disconnect: 'cancel' },
  });
}));

test('answers that overtake each other reach their own requests', timed(async ({ server }) => {
  const client = await server.connected();
  const jobs = [1, 2, 3].map((n) => client.request('echo', n));
  for (const [n, job] of [...jobs.entries()].reverse()) {
    server.last.give({ type: 'response', request_id: job.requestId, success: true, data: n });
  }
  assert.deepEqual(await Promise.all(jobs), [0, 1, 2]);
  assert.equal(await jobs[0].accepted(), undefined);
}));

test('an error is a StreamerError with all that the server says', timed(async ({ server }) => {
  const client = await server.connected();
  const job = client.request('echo', 1);
  server.last.give({
    type: 'error', request_id: job.requestId,
    error: { code: 'RATE_LIMITED', message: 'slower', retryable: true, retry_after_ms: 250, details: { limit: 'requests', error_id: 'e-7', may_have_started: true } },
  });
  const error = await job.catch((e) => e);
  assert.ok(error instanceof StreamerError && error instanceof Error);
  const { name, code, message, retryable, retryAfter, details, requestId, jobId, errorId, mayHaveStarted } = error;
  assert.deepEqual(
    { name, code, message, retryable, retryAfter, requestId, jobId, errorId, mayHaveStarted, limit: details.limit },
    {
      name: 'StreamerError', code: 'RATE_LIMITED', message: 'slower', retryable: true, retryAfter: 250,
      requestId: job.requestId, jobId: undefined, errorId: 'e-7', mayHaveStarted: true, limit: 'requests',
    },
  );
}));

test('a handle that nobody awaits fails without a word', timed(async ({ server }) => {
  const told = [];
  const listen = (e) => told.push(e);
  process.on('unhandledRejection', listen);
  const { job } = await running(server);
  server.last.give(failed(seq(1), 'PROCESSING_FAILED'));
  await settle();
  process.off('unhandledRejection', listen);
  assert.equal(job.state, 'failed');
  assert.deepEqual(told, []);
}));

test('a request whose line is cut before the answer may have run, and fails', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const job = client.request('charge', 1);
  await settle();
  server.last.end(1006);
  await clock.pass(2_000);
  await assert.rejects(job, { code: 'CONNECTION_LOST', mayHaveStarted: true, retryable: false });
  assert.equal(server.last.all('request').length, 0);
}));

test('a job whose line is cut before the answer is sent again under its id', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const job = client.request('report', { a: 1 }, { retry: 'job' });
  await settle();
  server.last.end(1006);
  await clock.pass(500);
  assert.deepEqual(server.sockets[1].all('request'), server.sockets[0].all('request'));
  server.last.give(ack(job, { status: 'duplicate', snapshot: snapshot({ percentage: 30 }) }));
  server.last.give(complete(seq(5)));
  assert.deepEqual(await job, { ok: true });
  assert.equal(job.progress.percentage, 30);
}));

test('requests wait for the connection, and go out in their order', timed(async ({ server }) => {
  let open;
  server.arrived = (socket) => (open = () => socket.accept());
  const client = server.client();
  const jobs = [1, 2, 3].map((n) => client.request('echo', n));
  await settle();
  open();
  await settle();
  assert.deepEqual(server.last.all('request').map(({ payload }) => payload), [1, 2, 3]);
  assert.equal(jobs.length, 3);
}));

test('a request waits for a connection 30 s or as long as it says, and says that nothing was sent', timed(async ({ server, clock }) => {
  server.arrived = (socket) => socket.end(1006);
  const client = server.client();
  const jobs = [client.request('echo'), client.request('echo', 1, { waitMs: 100 }), client.request('echo', 1, { waitMs: 60_000 })];
  const told = () => Promise.all(jobs.map(async (job) => (await outcome(job)).error?.code));
  await clock.pass(100);
  assert.deepEqual(await told(), [undefined, 'NOT_CONNECTED', undefined]);
  await clock.pass(29_899);
  assert.equal((await told())[0], undefined);
  await clock.pass(1);
  assert.deepEqual(await told(), ['NOT_CONNECTED', 'NOT_CONNECTED', undefined]);
  await clock.pass(30_000);
  const { error } = await outcome(jobs[2]);
  assert.deepEqual([error.code, error.retryable, error.mayHaveStarted], ['NOT_CONNECTED', true, false]);
}));

test('what keeps the connection away is told to who waited for it', timed(async ({ server, clock }) => {
  for (const [token, why] of [['T', 'refused with 503'], [() => Promise.reject(new Error('no session')), 'no session']]) {
    server.arrived = (socket) => socket.refuse(503);
    const job = server.client({ token }).request('echo', 1, { waitMs: 700 });
    await clock.pass(700);
    await assert.rejects(job, { code: 'NOT_CONNECTED', message: `no connection in time: ${why}` });
  }
}));

test('a thousand requests wait, one more does not', timed(async ({ server }) => {
  server.arrived = () => {};
  const client = server.client();
  const jobs = Array.from({ length: 1_001 }, (_, n) => client.request('echo', n));
  await assert.rejects(jobs[1_000], { code: 'TOO_MANY_WAITING', retryable: true });
  assert.ok((await outcome(jobs[999])).pending);
}));

test('an answer that does not come within a minute is lost; a job is sent again twice before', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const plain = client.request('charge', 1, { id: 'plain' });
  const job = client.request('report', 1, { id: 'job', retry: 'job' });
  await clock.pass(60_000);
  await assert.rejects(plain, { code: 'CONNECTION_LOST', mayHaveStarted: true });
  assert.equal(server.last.all('request').filter(({ id }) => id === 'job').length, 2);
  await clock.pass(60_000);
  assert.ok((await outcome(job)).pending);
  await clock.pass(60_000);
  await assert.rejects(job, { code: 'CONNECTION_LOST', retryable: true });
}));

test('when API Gateway lost a frame, what may be repeated is sent again, the rest has 30 s', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const plain = client.request('charge', 1, { id: 'plain' });
  client.request('report', 1, { id: 'job', retry: 'job' });
  await settle();
  server.last.give({ message: 'Internal server error', connectionId: 'c', requestId: 'q' });
  await settle();
  assert.deepEqual(server.last.all('request').map(({ id }) => id), ['plain', 'job', 'job']);
  await clock.pass(29_999);
  assert.ok((await outcome(plain)).pending);
  await clock.pass(1);
  await assert.rejects(plain, { code: 'CONNECTION_LOST', mayHaveStarted: true });
}));

test('while API Gateway fails at each frame, what may be repeated is sent once a second at most, and the rest has 30 s', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const plain = client.request('charge', 1, { id: 'plain' });
  client.request('report', 1, { id: 'job', retry: 'job' });
  await settle();
  const fail = () => server.last.give({ message: 'Internal server error', connectionId: 'c', requestId: 'q' });
  const sent = () => server.last.all('request').length;
  for (let second = 0; second < 30; second++) {
    assert.ok((await outcome(plain)).pending);
    for (let time = 0; time < 5; time++) {
      fail();
    }
    await settle();
    assert.equal(sent(), 3 + second);
    await clock.pass(1_000);
  }
  await assert.rejects(plain, { code: 'CONNECTION_LOST', mayHaveStarted: true });
}));

for (const [text, fits] of [['x'.repeat(900), true], ['x'.repeat(1_000), false], ['ü'.repeat(460), true], ['ü'.repeat(500), false]]) {
  test(`a message of ${text.length} times ${text[0]} ${fits ? 'is sent' : 'is over 1,000 bytes and is not sent'}`, timed(async ({ server }) => {
    server.greeting.max_message_bytes = 1_000;
    const client = await server.connected();
    const job = client.request('echo', text, { id: 'r' });
    assert.equal(server.last.all('request').length, fits ? 1 : 0);
    const { error } = await outcome(job);
    assert.equal(error?.code, fits ? undefined : 'PAYLOAD_TOO_LARGE');
    assert.equal(error?.details.max_message_bytes, fits ? undefined : 1_000);
    assert.ok(fits || error.details.size_bytes > 1_000);
  }));
}

for (const [most, frame, name] of [[131_072, 1_000, 'max_frame_bytes'], [500, 1_000, 'max_message_bytes']]) {
  test(`where a message cannot be split it is not sent over ${Math.min(most, frame)} bytes`, timed(async ({ server }) => {
    Object.assign(server.greeting, { max_message_bytes: most, max_frame_bytes: frame });
    const client = await server.connected();
    client.request('echo', 'x'.repeat(300));
    const { error } = await outcome(client.request('echo', 'x'.repeat(1_000)));
    assert.equal(error.code, 'PAYLOAD_TOO_LARGE');
    assert.equal(error.details[name], Math.min(most, frame));
    assert.equal(server.last.all('request').length, 1);
  }));
}

for (const [said, most] of [[undefined, 32_768], [1_000, 1_000]]) {
  test(`where a message can be split a frame has ${most} bytes at most`, timed(async ({ server }) => {
    server.splits = true;
    server.greeting.max_frame_bytes = said;
    const client = await server.connected();
    client.request('echo', 'ü'.repeat(50_000));
    assert.equal(Math.max(...server.last.frames), most);
    assert.equal(server.last.all('request')[0].payload, 'ü'.repeat(50_000));
  }));
}

test('through API Gateway an expired token is replaced and the request sent again, once', timed(async ({ server, clock }) => {
  let asked = 0;
  const client = await server.connected({ token: () => `t${++asked}` });
  const job = client.request('echo', 1, { id: 'r' });
  const refuse = () => server.last.give({ type: 'error', request_id: 'r', error: { code: 'UNAUTHORIZED', message: 'expired', retryable: false } });
  await settle();
  refuse();
  await clock.pass();
  assert.deepEqual([asked, server.sockets.length, server.last.all('request').length], [2, 2, 1]);
  refuse();
  await assert.rejects(job, { code: 'UNAUTHORIZED' });
}));

test('what is cancelled while others are sent is not sent', timed(async ({ server }) => {
  server.greeting.max_message_bytes = 500;
  const client = server.client();
  const others = [];
  client.request('echo', 'x'.repeat(1_000), { onChange: () => others.forEach((other) => void other.cancel()) });
  others.push(client.request('echo', 1));
  await settle();
  assert.equal(others[0].state, 'cancelled');
  assert.deepEqual(server.last.sent.map(({ type }) => type), ['hello']);
}));

test('an id that is under way here is not sent twice', timed(async ({ server }) => {
  const client = await server.connected();
  client.request('echo', 1, { id: 'r' });
  await assert.rejects(client.request('echo', 2, { id: 'r' }), { code: 'DUPLICATE_REQUEST' });
  assert.equal(server.last.all('request').length, 1);
}));

test('the same request again follows the job from its first event', timed(async ({ server }) => {
  const { client, job } = await running(server, { id: 'r' });
  server.last.give(progress(seq(4), 50));
  await settle();
  const seen = [];
  const again = client.request('report', { a: 1 }, { id: 'r', onEvent: ({ data }) => seen.push(data) });
  server.last.give(ack(again, { status: 'duplicate', snapshot: snapshot() }));
  await settle();
  const { job_id: named, after_seq: after } = server.last.all('subscribe')[0];
  assert.deepEqual([named, after], [JOB, 0]);
  server.last.answer('subscribe', {
    snapshot: snapshot(), events: [{ type: 'event', job_id: JOB, seq: seq(2), name: 'row', data: 'first' }],
  });
  server.last.give(complete(seq(6)));
  assert.deepEqual(await Promise.all([job, again]), [{ ok: true }, { ok: true }]);
  assert.deepEqual(seen, ['first']);
}));

test('how any job stands can be asked by either id', timed(async ({ server }) => {
  const client = await server.connected();
  for (const [of, name, id] of [[{ jobId: JOB }, 'job_id', JOB], [{ requestId: 'r-9' }, 'request_id', 'r-9']]) {
    const asked = client.status(of);
    await settle();
    assert.equal(server.last.all('status').at(-1)[name], id);
    server.last.answer('status', snapshot({ percentage: 33 }));
    assert.equal((await asked).percentage, 33);
  }
}));

test('another JSON keeps what a double cannot hold, in both directions', timed(async ({ server }) => {
  const texts = [];
  const json = {
    parse: (text) => JSON.parse(text, (key, value) => (key === 'big' ? BigInt(value) : value)),
    stringify: (value) => {
      const text = JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one));
      texts.push(text);
      return text;
    },
  };
  const client = await server.connected({ json });
  const job = client.request('echo', { big: 12345678901234567890n });
  assert.match(texts[0], /12345678901234567890/);
  server.last.give({ type: 'response', request_id: job.requestId, success: true, data: { big: '12345678901234567890' } });
  assert.deepEqual(await job, { big: 12345678901234567890n });
}));
