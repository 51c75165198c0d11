import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './support/clock.mjs';
import { ack, complete, event, failed, JOB, outcome, progress, running, seq, snapshot, timed } from './support/server.mjs';

const id = (n) => `${String(n).padStart(4, '0')}${JOB.slice(4)}`;

/** Cuts the line; the next one waits for the test's welcome. */
async function cut(server, clock) {
  server.welcomes = false;
  server.last.end(1006);
  await nextLine(server, clock);
}

async function nextLine(server, clock) {
  const before = server.sockets.length;
  while (server.sockets.length === before) {
    await clock.pass(100);
  }
}

test('the hello of the next line names the job and its last number, and what was missed is applied once', timed(async ({ server, clock }) => {
  const { job, seen } = await running(server);
  server.last.give(event(seq(1), 'a'));
  server.last.give(progress(seq(2), 20));
  await settle();
  await cut(server, clock);
  assert.deepEqual(server.last.hello.last_seq, { [JOB]: seq(2) });
  // a live frame in front of the welcome is held back
  server.last.give(event(seq(5), 'c'));
  server.last.welcome({ jobs: [{ snapshot: snapshot({ percentage: 40, seq: seq(4) }), events: [event(seq(1), 'a'), event(seq(3), 'b')] }] });
  server.last.give(event(seq(5), 'c'));
  server.last.give(complete(seq(6)));
  assert.deepEqual(await job, { ok: true });
  const read = [];
  for await (const { data } of job.events) {
    read.push(data);
  }
  assert.deepEqual([read, seen.map((p) => p.percentage)], [['a', 'b', 'c'], [20, 40]]);
}));

test('an end that came while nobody was there follows the welcome', timed(async ({ server, clock }) => {
  const { job } = await running(server);
  await cut(server, clock);
  server.last.welcome({ jobs: [{ snapshot: snapshot({ status: 'failed', seq: seq(9) }), events: [] }] });
  server.last.give(failed(seq(9), 'PROCESSING_FAILED'));
  await assert.rejects(job, { code: 'PROCESSING_FAILED' });
}));

test('a job follows its client over any number of lines', timed(async ({ server, clock }) => {
  const { job } = await running(server);
  for (let turn = 1; turn < 20; turn++) {
    server.last.give(progress(seq(turn), turn));
    await settle();
    await cut(server, clock);
    assert.equal(server.last.hello.last_seq[JOB], seq(turn));
    server.last.welcome({ jobs: [{ snapshot: snapshot(), events: [] }] });
    await settle();
  }
  server.last.give(complete(seq(100)));
  assert.deepEqual(await job, { ok: true });
}));

test('who unsubscribes when he is told of missed events is not subscribed again for more of them', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const job = client.attach(JOB, { onEvent: () => job.unsubscribe() });
  server.last.answer('subscribe', { snapshot: snapshot(), events: [event(seq(1), 1)], next: seq(1) });
  await clock.pass();
  await assert.rejects(job, { code: 'ABORTED' });
  assert.equal(server.last.all('subscribe').length, 1);
  assert.equal(server.last.all('unsubscribe').length, 1);
}));

test('who leaves leaves no timer behind', timed(async ({ server, clock }) => {
  const client = await server.connected();
  client.attach(JOB);
  const error = { code: 'SERVICE_UNAVAILABLE', message: 'away', retryable: true };
  server.last.give({ type: 'error', request_id: server.last.all('subscribe')[0].id, error });
  server.last.give({ message: 'Internal server error', connectionId: 'c', requestId: 'q' });
  await settle();
  client.close();
  assert.equal(clock.timers, 0);
}));

test('more events than an answer has are asked for, and live frames wait for them', timed(async ({ server, clock }) => {
  const { job } = await running(server);
  await cut(server, clock);
  server.last.welcome({ jobs: [{ snapshot: snapshot(), events: [event(seq(1), 1), event(seq(2), 2)], next: seq(2) }] });
  server.last.give(event(seq(7), 7));
  await settle();
  assert.equal(server.last.all('subscribe')[0].after_seq, seq(2));
  server.last.answer('subscribe', { snapshot: snapshot(), events: [event(seq(3), 3)], next: seq(3) });
  await settle();
  assert.equal(server.last.all('subscribe')[1].after_seq, seq(3));
  server.last.answer('subscribe', { snapshot: snapshot(), events: [event(seq(4), 4)] });
  server.last.give(complete(seq(8)));
  await job;
  const read = [];
  for await (const { data } of job.events) {
    read.push(data);
  }
  assert.deepEqual(read, [1, 2, 3, 4, 7]);
}));

test('an end is not asked for before all that came ahead of it is read', timed(async ({ server, clock }) => {
  const ended = (...events) => ({ snapshot: snapshot({ status: 'succeeded', seq: seq(9) }), events });
  const { job } = await running(server);
  await cut(server, clock);
  server.last.welcome({ jobs: [{ ...ended(event(seq(1), 1)), next: seq(1) }] });
  await clock.pass(5_000);
  assert.deepEqual(server.last.all('status'), []);
  server.last.answer('subscribe', ended());
  await clock.pass(2_000);
  assert.equal(server.last.all('status').length, 1);
  // asked for on the next line, too, where there is more to be read
  await cut(server, clock);
  server.last.welcome({ jobs: [{ ...ended(event(seq(2), 2)), next: seq(2) }] });
  await settle();
  server.last.answer('status', { ...snapshot({ status: 'succeeded' }), result: { ok: true } });
  assert.ok((await outcome(job)).pending);
  server.last.answer('subscribe', ended(event(seq(3), 3)));
  await clock.pass(2_000);
  server.last.answer('status', { ...snapshot({ status: 'succeeded' }), result: { ok: true } });
  assert.deepEqual(await job, { ok: true });
  const read = [];
  for await (const { data } of job.events) {
    read.push(data);
  }
  assert.deepEqual(read, [1, 2, 3]);
}));

test('a handle that was let go before all was read leaves nothing behind', timed(async ({ server, clock }) => {
  const { client, job } = await running(server);
  await cut(server, clock);
  server.last.welcome({ jobs: [{ snapshot: snapshot({ status: 'succeeded', seq: seq(9) }), events: [], next: seq(1) }] });
  await settle();
  job.unsubscribe();
  client.close();
  await clock.pass(60_000);
  assert.equal(clock.timers, 0);
}));

test('of more than 64 jobs the hello names 64, first those that need an owner; the others are subscribed to', timed(async ({ server, clock }) => {
  const client = await server.connected();
  for (let n = 0; n < 70; n++) {
    const job = client.request('report', n, n < 68 ? {} : { onDisconnect: 'cancel' });
    server.last.give(ack(job, { job_id: id(n) }));
  }
  await settle();
  await cut(server, clock);
  const named = Object.keys(server.last.hello.last_seq);
  assert.equal(named.length, 64);
  assert.ok(named.includes(id(68)) && named.includes(id(69)));
  server.last.welcome({ jobs: named.map((job_id) => ({ snapshot: snapshot({ job_id }), events: [] })) });
  await settle();
  const subscribed = server.last.all('subscribe').map(({ job_id }) => job_id);
  assert.deepEqual([...named, ...subscribed].sort(), Array.from({ length: 70 }, (_, n) => id(n)));
}));

test('fragile jobs without room in the hello are named in further ones, one at a time', timed(async ({ server, clock }) => {
  const client = await server.connected();
  for (let n = 0; n < 140; n++) {
    server.last.give(ack(client.request('report', n, { onDisconnect: 'cancel' }), { job_id: id(n) }));
  }
  await settle();
  await cut(server, clock);
  const welcome = async () => {
    const named = Object.keys(server.last.all('hello').at(-1).last_seq);
    server.last.welcome({ jobs: named.map((job_id) => ({ snapshot: snapshot({ job_id }), events: [] })) });
    await settle();
    return named;
  };
  const named = [await welcome(), await welcome()];
  const refused = server.last.all('hello').at(-1);
  const error = (more) => ({ type: 'error', request_id: server.last.all('hello').at(-1).id, error: { message: 'no', ...more } });
  server.last.give(error({ code: 'RATE_LIMITED', retryable: true, retry_after_ms: 700 }));
  await clock.pass(699);
  assert.equal(server.last.all('hello').at(-1), refused);
  await clock.pass(1);
  const again = server.last.all('hello').at(-1);
  assert.notEqual(again, refused);
  assert.deepEqual(again.last_seq, refused.last_seq);
  named.push(await welcome());
  assert.deepEqual(named.map((all) => all.length), [64, 64, 12]);
  assert.equal(new Set(named.flat()).size, 140);
  assert.deepEqual([server.last.all('hello').length, server.last.all('subscribe').length], [4, 0]);
}));

test('a job that the welcome leaves out is asked for once more, and is not found', timed(async ({ server, clock }) => {
  const { job } = await running(server);
  await cut(server, clock);
  server.last.welcome({ recovered: false });
  await settle();
  const [asked] = server.last.all('subscribe');
  assert.equal(asked.job_id, JOB);
  server.last.give({ type: 'error', request_id: asked.id, error: { code: 'NOT_FOUND', message: 'no job', retryable: false } });
  await assert.rejects(job, { code: 'NOT_FOUND', jobId: JOB });
}));

test('a job that lives anew is followed from its start, and what was seen is void', timed(async ({ server, clock }) => {
  const voids = [];
  const { job, seen } = await running(server, { onVoid: (after) => voids.push(after) });
  server.last.give(event(seq(5, 4), 'old'));
  server.last.give(progress(seq(6, 4), 80));
  await settle();
  await cut(server, clock);
  server.last.welcome({ recovered: false, jobs: [{ snapshot: snapshot({ seq: seq(2), percentage: 15 }), events: [event(seq(1), 'new')] }] });
  server.last.give(complete(seq(3)));
  assert.deepEqual(await job, { ok: true });
  const read = [];
  for await (const { data } of job.events) {
    read.push(data);
  }
  assert.deepEqual([read, voids, seen.map((p) => p.percentage)], [['new'], [0], [80, 15]]);
}));

test('a job whose stored number is behind what was seen goes on where it was', timed(async ({ server, clock }) => {
  for (const recovered of [true, false]) {
    const voids = [];
    const { job, client } = await running(server, { onVoid: (after) => voids.push(after) });
    server.last.give(progress(seq(60, 2), 80));
    await settle();
    await cut(server, clock);
    // the same epoch, or another job is why it is not recovered
    server.last.welcome({ recovered, jobs: [{ snapshot: snapshot({ seq: recovered ? seq(3) : seq(3, 2) }), events: [] }] });
    server.last.give(complete(seq(61, 2)));
    assert.deepEqual(await job, { ok: true });
    assert.deepEqual(voids, []);
    client.close();
    server.welcomes = true;
  }
}));

test('where several jobs were named, one that may live anew is asked for alone', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const [one, two] = [1, 2].map((n) => client.request('report', n));
  server.last.give(ack(one, { job_id: id(1) }));
  server.last.give(ack(two, { job_id: id(2) }));
  server.last.give({ ...progress(seq(1, 3), 50), job_id: id(1) });
  await settle();
  await cut(server, clock);
  server.last.welcome({ recovered: false, jobs: [{ snapshot: snapshot({ job_id: id(1), seq: seq(1) }), events: [] }] });
  await settle();
  assert.deepEqual(server.last.all('hello')[1].last_seq, { [id(1)]: seq(1, 3) });
  server.last.welcome({ recovered: true, jobs: [{ snapshot: snapshot({ job_id: id(1), seq: seq(1) }), events: [] }] });
  server.last.give({ ...complete(seq(2, 3)), job_id: id(1) });
  assert.deepEqual(await one, { ok: true });
}));

test('attach follows a job with all its events, through the next line too', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const seen = [];
  const job = client.attach(JOB, { onProgress: (p) => seen.push(p.percentage) });
  assert.deepEqual(server.last.all('subscribe').map(({ job_id, after_seq, frames }) => [job_id, after_seq, frames]), [[JOB, 0, undefined]]);
  server.last.give(event(seq(2), 'b'));
  server.last.answer('subscribe', { snapshot: snapshot({ percentage: 30, seq: seq(1) }), events: [event(seq(1), 'a')] });
  await settle();
  assert.deepEqual([job.requestId, job.action, seen], ['r', 'report', [30]]);
  await cut(server, clock);
  assert.deepEqual(server.last.hello.last_seq, {});
  server.last.welcome();
  await settle();
  assert.equal(server.last.all('subscribe')[0].after_seq, seq(2));
  server.last.answer('subscribe', { snapshot: snapshot(), events: [] });
  server.last.give(complete(seq(3)));
  assert.deepEqual(await job, { ok: true });
}));

test('what was held back behind an end stays untold', timed(async ({ server }) => {
  const client = await server.connected();
  const job = client.attach(JOB);
  server.last.give(complete(seq(2)));
  server.last.give(progress(seq(3), 50));
  await settle();
  server.last.answer('subscribe', { snapshot: snapshot({ status: 'succeeded' }), events: [] });
  assert.deepEqual(await job, { ok: true });
  assert.deepEqual([job.progress, job.state], [undefined, 'succeeded']);
}));

test('attach asks for the frames it is told to, and always hears of the end', timed(async ({ server }) => {
  const client = await server.connected();
  const seen = [];
  const job = client.attach(JOB, { frames: ['progress'], afterSeq: seq(4), onProgress: () => seen.push('p'), onEvent: () => seen.push('e') });
  const [asked] = server.last.all('subscribe');
  assert.deepEqual([asked.frames, asked.after_seq], [['progress', 'terminal'], seq(4)]);
  server.last.answer('subscribe', { snapshot: snapshot({ seq: seq(3) }), events: [] });
  server.last.give(progress(seq(5), 5));
  server.last.give(event(seq(6), 'x'));
  server.last.give(complete(seq(7)));
  assert.deepEqual(await job, { ok: true });
  assert.deepEqual(seen, ['p', 'p']);
}));

test('an attach that is refused fails, one that cannot be answered now is tried again', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const job = client.attach(JOB);
  const refuse = (error) => server.last.give({ type: 'error', request_id: server.last.all('subscribe').at(-1).id, error: { message: 'no', ...error } });
  refuse({ code: 'SERVICE_UNAVAILABLE', retryable: true, retry_after_ms: 700 });
  await clock.pass(699);
  assert.equal(server.last.all('subscribe').length, 1);
  await clock.pass(1);
  assert.equal(server.last.all('subscribe').length, 2);
  refuse({ code: 'NOT_FOUND', retryable: false });
  await assert.rejects(job, { code: 'NOT_FOUND', jobId: JOB });
}));

test('two handles of one job each see all of it, and only the last one unsubscribes', timed(async ({ server }) => {
  const client = await server.connected();
  const seen = { one: [], two: [] };
  const one = client.attach(JOB, { onEvent: ({ data }) => seen.one.push(data) });
  server.last.answer('subscribe', { snapshot: snapshot(), events: [event(seq(1), 'a')] });
  server.last.give(event(seq(2), 'b'));
  await settle();
  const two = client.attach(JOB, { onEvent: ({ data }) => seen.two.push(data) });
  server.last.answer('subscribe', { snapshot: snapshot(), events: [event(seq(1), 'a'), event(seq(2), 'b')] });
  server.last.give(event(seq(3), 'c'));
  await settle();
  assert.deepEqual(seen, { one: ['a', 'b', 'c'], two: ['a', 'b', 'c'] });
  one.unsubscribe();
  await assert.rejects(one, { code: 'ABORTED' });
  assert.equal(server.last.all('unsubscribe').length, 0);
  server.last.give(event(seq(4), 'd'));
  await settle();
  assert.deepEqual([seen.one.length, seen.two.length], [3, 4]);
  two.unsubscribe();
  assert.deepEqual(server.last.all('unsubscribe').map(({ job_id }) => job_id), [JOB]);
}));

test('a signal of an attach stops the watching and leaves the job alone', timed(async ({ server }) => {
  const client = await server.connected();
  const controller = new AbortController();
  const job = client.attach(JOB, { signal: controller.signal });
  controller.abort();
  await assert.rejects(job, { code: 'ABORTED' });
  assert.deepEqual([server.last.all('unsubscribe').length, server.last.all('cancel').length], [1, 0]);
}));

test('what is asked and not answered when the line is cut is asked again', timed(async ({ server, clock }) => {
  const { job } = await running(server);
  const status = job.status();
  const cancelled = job.cancel();
  await settle();
  await cut(server, clock);
  server.last.welcome({ jobs: [{ snapshot: snapshot(), events: [] }] });
  await settle();
  server.last.answer('status', snapshot({ percentage: 66 }));
  assert.equal((await status).percentage, 66);
  server.last.answer('cancel', snapshot());
  server.last.give(failed(seq(9), 'CANCELLED'));
  assert.equal(await cancelled, true);
}));

test('an acknowledged job waits for its client as long as it takes', timed(async ({ server, clock }) => {
  const { job } = await running(server);
  const open = server.arrived;
  server.arrived = (socket) => socket.end(1006);
  server.last.end(1006);
  await clock.pass(600_000);
  assert.ok((await outcome(job)).pending);
  server.arrived = open;
  server.welcomes = false;
  await nextLine(server, clock);
  server.last.welcome({ jobs: [{ snapshot: snapshot({ status: 'succeeded' }), events: [] }] });
  server.last.give(complete(seq(8)));
  assert.deepEqual(await job, { ok: true });
}));
