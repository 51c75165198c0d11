import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './support/clock.mjs';
import { ack, complete, event, failed, JOB, outcome, progress, running, seq, snapshot, timed } from './support/server.mjs';

/** The data of what a reader gets until nothing more is there. */
function reader(job) {
  const read = [];
  const done = (async () => {
    for await (const { data } of job.events) {
      read.push(data);
    }
  })();
  return { read, done };
}

test('a job is followed to its result', timed(async ({ server, clock }) => {
  const { job, seen } = await running(server);
  assert.deepEqual([job.state, job.jobId, await job.accepted()], ['accepted', JOB, JOB]);
  await clock.pass(1_000);
  server.last.give(progress(seq(1), 25, { metadata: { region: 'eu' } }));
  await clock.pass(1_000);
  server.last.give(progress(seq(2), 100));
  server.last.give({ ...complete(seq(3), { url: 'u' }), metadata: { pages: '3' } });
  assert.deepEqual(await job, { url: 'u' });
  assert.deepEqual(seen, [
    { percentage: 25, message: 'at 25', attempt: 1, metadata: { region: 'eu' } },
    { percentage: 100, message: 'at 100', attempt: 1 },
  ]);
  assert.deepEqual([job.state, job.metadata, job.done], ['succeeded', { pages: '3' }, true]);
  assert.deepEqual(job.durations, { accepted: 0, started: 1_000, ended: 2_000 });
}));

test('a job that fails tells its error with both of its ids', timed(async ({ server }) => {
  const { job } = await running(server);
  server.last.give(failed(seq(9), 'PROCESSING_FAILED', { details: { reason: 'CLOSED_TODAY' } }));
  const error = await job.catch((e) => e);
  assert.deepEqual(
    [error.code, error.details.reason, error.jobId, error.requestId, job.state],
    ['PROCESSING_FAILED', 'CLOSED_TODAY', JOB, job.requestId, 'failed'],
  );
}));

test('an error without a number does not end the job', timed(async ({ server }) => {
  const { job } = await running(server);
  server.last.give({ type: 'error', request_id: job.requestId, error: { code: 'INTERNAL_ERROR', message: 'oops', retryable: true } });
  server.last.give(complete(seq(1)));
  assert.deepEqual(await job, { ok: true });
}));

for (const [what, second, shown] of [
  ['the same number', progress(seq(5), 90), [50]],
  ['a lower number', progress(seq(4), 90), [50]],
  ['a lower epoch', progress(seq(999, 0), 90), [50]],
  ['a higher number of the epoch before', progress(seq(500_000), 90, {}), [50, 90]],
  ['a higher epoch', progress(seq(1, 2), 90), [50, 90]],
]) {
  test(`a frame of ${what} is ${shown.length === 1 ? 'dropped' : 'applied'}`, timed(async ({ server }) => {
    const { seen } = await running(server);
    server.last.give(progress(seq(5), 50));
    server.last.give(second);
    await settle();
    assert.deepEqual(seen.map(({ percentage }) => percentage), shown);
  }));
}

test('frames of a worker that lost the job are dropped behind those of its successor', timed(async ({ server }) => {
  const { job, seen } = await running(server);
  server.last.give(progress(seq(1, 2), 20));
  server.last.give(progress(seq(700, 1), 80));
  server.last.give(failed(seq(701, 1), 'INTERNAL_ERROR'));
  server.last.give(complete(seq(2, 2)));
  assert.deepEqual(await job, { ok: true });
  assert.deepEqual(seen.map(({ percentage }) => percentage), [20]);
}));

test('the percentage never falls, and the attempt tells of a new one', timed(async ({ server }) => {
  const { seen } = await running(server);
  server.last.give(progress(seq(1), 60));
  server.last.give(progress(seq(1, 2), 10, { attempt: 2 }));
  server.last.give(progress(seq(2, 2), 70, { attempt: 2 }));
  await settle();
  assert.deepEqual(seen.map((p) => [p.percentage, p.attempt]), [[60, 1], [60, 2], [70, 2]]);
}));

test('the end comes once, and nothing behind it', timed(async ({ server }) => {
  let changes = 0;
  const { job, seen } = await running(server, { onChange: () => changes++ });
  server.last.give(complete(seq(3), { n: 1 }));
  await settle();
  const before = changes;
  server.last.give(complete(seq(3), { n: 1 }));
  server.last.give(failed(seq(4), 'TIMEOUT'));
  server.last.give(progress(seq(5), 5));
  await settle();
  assert.deepEqual(await job, { n: 1 });
  assert.deepEqual([changes, seen.length, job.state], [before, 0, 'succeeded']);
}));

test('a numbered frame that overtakes the acknowledgment stands for it', timed(async ({ server }) => {
  const client = await server.connected();
  const seen = [];
  const job = client.request('report', {}, { id: 'r', onProgress: (p) => seen.push(p.percentage) });
  server.last.give(progress(seq(1), 10));
  await settle();
  assert.deepEqual([job.jobId, seen], [JOB, [10]]);
  server.last.give(ack(job));
  server.last.give(complete(seq(2)));
  assert.deepEqual(await job, { ok: true });
}));

const LOST = { message: 'Internal server error', connectionId: 'c', requestId: 'q' };

/** A job of which a frame came, and no acknowledgment. */
async function overtaken(server) {
  const client = await server.connected();
  const seen = [];
  const job = client.request('report', {}, { id: 'r', onProgress: (p) => seen.push(p.percentage) });
  server.last.give(progress(seq(1), 10));
  await settle();
  return { job, seen };
}

test('a job whose acknowledgment may be lost is taken up again on the same line', timed(async ({ server, clock }) => {
  const { job, seen } = await overtaken(server);
  server.welcomes = false;
  server.last.give(LOST);
  await settle();
  const [, hello] = server.last.all('hello');
  assert.deepEqual([server.last.all('request').length, hello.last_seq], [1, { [JOB]: seq(1) }]);
  // nothing is heard of that hello either: it is sent again, and no other one
  server.last.give(LOST);
  await clock.pass(1_000);
  assert.deepEqual(server.last.all('hello').slice(1), [hello, hello]);
  server.last.welcome({ jobs: [{ snapshot: snapshot(), events: [] }] });
  server.last.give(LOST);
  server.last.give(progress(seq(2), 20));
  server.last.give(complete(seq(3)));
  assert.deepEqual(await job, { ok: true });
  assert.deepEqual(seen, [10, 20]);
  assert.equal(server.last.all('hello').length, 3);
  assert.equal(server.sockets.length, 1);
}));

test('a line on which a hello has no answer, however often it is said, is given up', timed(async ({ server, clock }) => {
  await overtaken(server);
  server.welcomes = false;
  const line = server.last;
  line.give(LOST);
  await clock.pass(180_000 - 1);
  assert.deepEqual([line.all('hello').length, server.sockets.length], [4, 1]);
  await clock.pass(1);
  assert.equal(server.sockets.length, 2);
  assert.deepEqual(server.last.hello.last_seq, { [JOB]: seq(1) });
}));

test('a job whose acknowledgment came behind its frame is not taken up again', timed(async ({ server }) => {
  const { job } = await overtaken(server);
  server.last.give(ack(job));
  server.last.give(LOST);
  await settle();
  assert.equal(server.last.all('hello').length, 1);
}));

test('a job that the next line took up is not taken up again', timed(async ({ server, clock }) => {
  await overtaken(server);
  server.welcomes = false;
  server.last.end();
  await clock.pass(500);
  server.last.welcome({ jobs: [{ snapshot: snapshot(), events: [] }] });
  server.last.give(LOST);
  await settle();
  assert.deepEqual([server.sockets.length, server.last.all('hello').length], [2, 1]);
}));

test('events are read in their order, before and after they come, until the job ends', timed(async ({ server }) => {
  const told = [];
  const { job } = await running(server, { onEvent: ({ name, data, seq: number }) => told.push([name, data, number]) });
  server.last.give(event(seq(1), 'a'));
  await settle();
  const { read, done } = reader(job);
  server.last.give(event(seq(2), 'b'));
  await settle();
  assert.deepEqual(read, ['a', 'b']);
  server.last.give(event(seq(3), 'c'));
  server.last.give(complete(seq(4)));
  await done;
  assert.deepEqual(read, ['a', 'b', 'c']);
  assert.deepEqual(told, [['row', 'a', seq(1)], ['row', 'b', seq(2)], ['row', 'c', seq(3)]]);
}));

test('a reader ends when the job fails, too: the error is for who awaits it', timed(async ({ server }) => {
  const { job } = await running(server);
  const { read, done } = reader(job);
  server.last.give(event(seq(1), 'a'));
  server.last.give(failed(seq(2), 'CANCELLED'));
  await done;
  assert.deepEqual(read, ['a']);
  await assert.rejects(job, { code: 'CANCELLED' });
}));

test('events that are void are not read, and who has read some is told', timed(async ({ server }) => {
  const voids = [];
  const { job } = await running(server, { onVoid: (after) => voids.push(after) });
  for (const n of [1, 2, 3, 4]) {
    server.last.give(event(seq(n), n));
  }
  server.last.give({ type: 'rewind', job_id: JOB, seq: seq(1, 2), after_seq: seq(2) });
  server.last.give(event(seq(2, 2), 33));
  server.last.give(complete(seq(3, 2)));
  await job;
  const { read, done } = reader(job);
  await done;
  assert.deepEqual([read, voids], [[1, 2, 33], [seq(2)]]);
}));

for (const eventBuffer of [3, 1_000]) {
  test(`of events nobody reads the last ${eventBuffer} are kept, and a reader is told of the others`, timed(async ({ server }) => {
    const { job } = await running(server, eventBuffer === 1_000 ? {} : { eventBuffer });
    for (let n = 1; n <= eventBuffer + 2; n++) {
      server.last.give(event(seq(n), n));
    }
    server.last.give(complete(seq(9_999)));
    await job;
    const first = reader(job);
    await assert.rejects(first.done, { code: 'EVENTS_LOST', details: { count: 2 }, jobId: JOB });
    const second = reader(job);
    await second.done;
    assert.deepEqual([second.read.length, second.read[0]], [eventBuffer, 3]);
  }));
}

test('what a listener throws does not reach the client', timed(async ({ server }) => {
  const thrown = [];
  const later = globalThis.queueMicrotask;
  globalThis.queueMicrotask = (throws) => assert.throws(throws, ({ message }) => thrown.push(message) > 0);
  const { job } = await running(server, {
    onProgress: () => {
      throw new Error('mine');
    },
  });
  server.last.give(progress(seq(1), 1));
  server.last.give(complete(seq(2)));
  assert.deepEqual(await job, { ok: true });
  globalThis.queueMicrotask = later;
  assert.deepEqual(thrown, ['mine']);
}));

test('status asks the server', timed(async ({ server }) => {
  const { job } = await running(server);
  const asked = job.status();
  await settle();
  assert.equal(server.last.all('status')[0].job_id, JOB);
  server.last.answer('status', snapshot({ percentage: 77 }));
  assert.equal((await asked).percentage, 77);
  const refused = job.status();
  await settle();
  server.last.give({ type: 'error', request_id: server.last.all('status')[1].id, error: { code: 'NOT_FOUND', message: 'no job', retryable: false } });
  await assert.rejects(refused, { code: 'NOT_FOUND', jobId: JOB });
}));

test('cancel waits for the end that proves it', timed(async ({ server }) => {
  const { job } = await running(server);
  const cancelled = job.cancel();
  await settle();
  assert.equal(server.last.all('cancel')[0].job_id, JOB);
  server.last.answer('cancel', snapshot({ status: 'running' }));
  assert.ok((await outcome(cancelled)).pending);
  server.last.give(failed(seq(9), 'CANCELLED'));
  assert.equal(await cancelled, true);
  assert.equal(job.state, 'cancelled');
  await assert.rejects(job, { code: 'CANCELLED' });
  assert.equal(await job.cancel(), true);
}));

test('what is refused because too much is under way is asked again, for as long as an answer may take', timed(async ({ server, clock }) => {
  const { job } = await running(server);
  const cancelled = job.cancel();
  await settle();
  const refuse = () => {
    const asked = server.last.all('cancel').at(-1);
    server.last.give({ type: 'error', request_id: asked.id, error: { code: 'RATE_LIMITED', message: 'slower', retryable: true, retry_after_ms: 25_000 } });
  };
  refuse();
  await clock.pass(24_999);
  assert.equal(server.last.all('cancel').length, 1);
  await clock.pass(1);
  assert.equal(server.last.all('cancel').length, 2);
  refuse();
  await clock.pass(25_000);
  assert.equal(server.last.all('cancel').length, 3);
  refuse();
  await assert.rejects(cancelled, { code: 'RATE_LIMITED' });
  assert.equal(job.done, false);
}));

test('cancel says that the job was quicker', timed(async ({ server }) => {
  const { job } = await running(server);
  const cancelled = job.cancel();
  await settle();
  server.last.give(complete(seq(9)));
  server.last.answer('cancel', snapshot({ status: 'succeeded' }));
  assert.equal(await cancelled, false);
  assert.deepEqual(await job, { ok: true });
}));

test('cancel is not sent before the acknowledgment, and not at all for what was not sent', timed(async ({ server }) => {
  const client = await server.connected();
  const job = client.request('report', {}, { id: 'r' });
  const cancelled = job.cancel();
  await settle();
  assert.equal(server.last.all('cancel').length, 0);
  server.last.give(ack(job));
  await settle();
  assert.equal(server.last.all('cancel').length, 1);
  server.last.give(failed(seq(1), 'CANCELLED'));
  assert.equal(await cancelled, true);

  server.arrived = () => {};
  const waiting = server.client().request('report', {});
  assert.equal(await waiting.cancel(), true);
  await assert.rejects(waiting, { code: 'CANCELLED' });
}));

test('a cancel that is refused says so', timed(async ({ server }) => {
  const { job } = await running(server);
  const cancelled = job.cancel();
  await settle();
  server.last.give({ type: 'error', request_id: server.last.all('cancel')[0].id, error: { code: 'FORBIDDEN', message: 'no', retryable: false } });
  await assert.rejects(cancelled, { code: 'FORBIDDEN' });
  assert.equal(job.done, false);
}));

test('an end that was there before and is not told again is asked for', timed(async ({ server, clock }) => {
  for (const [answer, check] of [
    [{ status: 'succeeded', result: { n: 1 } }, async (job) => assert.deepEqual(await job, { n: 1 })],
    [{ status: 'failed', error: { code: 'TIMEOUT', message: 'late', retryable: true } }, (job) => assert.rejects(job, { code: 'TIMEOUT', retryable: true })],
  ]) {
    const client = await server.connected();
    const job = client.request('report', {}, { id: 'r' });
    server.last.give(ack(job, { status: 'duplicate', snapshot: snapshot({ status: answer.status }) }));
    await clock.pass(999);
    assert.equal(server.last.all('status').length, 0);
    await clock.pass(1);
    server.last.answer('status', snapshot(answer));
    await check(job);
  }
}));

test('a signal that aborts ends the waiting at once and cancels the job', timed(async ({ server }) => {
  const controller = new AbortController();
  const { job, seen } = await running(server, { signal: controller.signal });
  controller.abort(new Error('the user left'));
  const error = await job.catch((e) => e);
  assert.deepEqual([error.code, error.cause.message], ['ABORTED', 'the user left']);
  await settle();
  assert.equal(server.last.all('cancel').length, 1);
  server.last.give(progress(seq(1), 5));
  await settle();
  assert.equal(seen.length, 0);
}));

test('a signal that was aborted before sends nothing', timed(async ({ server }) => {
  const client = await server.connected();
  await assert.rejects(client.request('report', {}, { signal: AbortSignal.abort() }), { code: 'ABORTED' });
  assert.deepEqual(server.last.sent.map(({ type }) => type), ['hello']);
}));
