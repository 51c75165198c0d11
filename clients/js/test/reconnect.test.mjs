import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './support/clock.mjs';
import { ack, complete, JOB, progress, running, seq, snapshot, timed } from './support/server.mjs';

/** How long a client waits before each of its next tries, when nothing lets it in any more. */
async function waits({ server, clock, code, count, status }) {
  const client = await server.connected({ token: () => 'T' });
  server.arrived = (socket) => (status ? socket.refuse(status) : socket.end(code));
  const found = [];
  server.last.end(code);
  for (let turn = 0; turn < count; turn++) {
    await settle();
    found.push(client.state.name === 'waiting' ? client.state.at - clock.now : client.state.name);
    await clock.pass(found.at(-1) > 0 ? found.at(-1) : 0);
  }
  return found;
}

const JITTER = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
for (const [what, code, expected] of [
  ['a cut line', 1006, JITTER],
  ['no status', 1005, JITTER],
  ['a code of later versions', 4999, JITTER],
  ['a restart', 1012, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000]],
  ['overload', 1013, [2_000, 4_000, 8_000, 16_000, 30_000]],
  ['too many frames', 4429, [2_000, 4_000, 8_000]],
]) {
  test(`after ${what} it comes back in a random time up to ${expected[0]} ms, doubling up to 30 s`, timed(async ({ server, clock }) => {
    assert.deepEqual(await waits({ server, clock, code, count: expected.length }), expected);
  }));
}

for (const [what, code] of [['age', 1001], ['silence', 4408], ['an old token', 4401]]) {
  test(`after a close for ${what} it comes back at once, and waits only if that happens again`, timed(async ({ server, clock }) => {
    const client = await server.connected({ token: () => 'T' });
    server.last.end(code);
    await clock.pass(0);
    assert.deepEqual([client.state.name, server.sockets.length], ['open', 2]);
    server.last.end(code);
    await settle();
    assert.deepEqual([client.state.name, client.state.at - clock.now], ['waiting', 1_000]);
  }));
}

for (const [code, reason] of [
  [1000, 'disconnected by the server'], [1002, 'not as RFC 6455 says'], [1003, 'text frames only'],
  [1007, 'text must be UTF-8'], [1009, 'message too big'], [4403, 'forbidden'], [4503, 'suspended'],
]) {
  test(`after ${code} it does not come back, and says why`, timed(async ({ server, clock }) => {
    const { client, job } = await running(server);
    server.last.end(code, reason);
    await clock.pass(120_000);
    assert.deepEqual(client.state, { name: 'closed', reason, code });
    assert.equal(server.sockets.length, 1);
    await assert.rejects(job, { code: 'CONNECTION_LOST', jobId: JOB, mayHaveStarted: true });
  }));
}

test('who connects again as soon as he is told loses nothing of what he asks', timed(async ({ server, clock }) => {
  const client = await server.connected();
  let again;
  client.onState(({ name }) => {
    if (name === 'closed') {
      again = client.request('echo', 1);
    }
  });
  server.last.end(4403, 'forbidden');
  await clock.pass();
  server.last.give({ type: 'response', request_id: again.requestId, success: true, data: 7 });
  assert.equal(await again, 7);
}));

test('who leaves when a lost line fails his request is not connected again', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const job = client.request('charge', 1, { onChange: () => client.close() });
  client.request('report', 1, { retry: 'job' });
  await settle();
  server.last.end(1006);
  await clock.pass(60_000);
  assert.equal(job.state, 'failed');
  assert.deepEqual([client.state.name, server.sockets.length], ['closed', 1]);
}));

for (const [code, expected] of [[1006, [125, 250, 500]], [1012, [250, 500]], [1013, [1_250, 1_750, 2_750]]]) {
  test(`the wait after ${code} is drawn from all of its range`, timed(async ({ server, clock }) => {
    Math.random = () => 0.25;
    assert.deepEqual(await waits({ server, clock, code, count: expected.length }), expected);
  }));
}

test('a minute of calm makes the next wait a short one again', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const open = server.arrived;
  server.arrived = (socket) => socket.end(1006);
  server.last.end(1006);
  await clock.pass(500 + 1_000 + 2_000);
  server.arrived = open;
  await clock.pass(4_000);
  assert.equal(client.state.name, 'open');
  await clock.pass(59_999);
  server.last.end(1006);
  await settle();
  assert.equal(client.state.at - clock.now, 8_000);
  await clock.pass(8_000);
  await clock.pass(60_000);
  server.last.end(1006);
  await settle();
  assert.equal(client.state.at - clock.now, 500);
}));

test('whoever comes back online, or looks at the page, does not wait', timed(async ({ server, clock }) => {
  const listeners = {};
  const target = {
    addEventListener: (name, listener) => (listeners[name] = listener),
    removeEventListener: (name) => delete listeners[name],
  };
  Object.assign(globalThis, target, { document: { ...target, hidden: false } });
  try {
    const open = server.arrived;
    for (const name of ['online', 'visibilitychange']) {
      const client = await server.connected();
      server.arrived = (socket) => socket.end(1006);
      server.last.end(1006);
      await clock.pass(500 + 1_000);
      assert.equal(client.state.name, 'waiting');
      server.arrived = open;
      listeners[name]();
      await settle();
      assert.equal(client.state.name, 'open');
      client.close();
      assert.deepEqual(listeners, {});
    }
  } finally {
    delete globalThis.addEventListener;
    delete globalThis.removeEventListener;
    delete globalThis.document;
  }
}));

test('whoever comes back online finds out within seconds that the line is dead', timed(async ({ server, clock }) => {
  let online;
  globalThis.addEventListener = (_, listener) => (online = listener);
  globalThis.removeEventListener = () => {};
  try {
    await server.connected();
    online();
    await clock.pass(5_000);
    assert.equal(server.sockets.length, 1);
    server.pongs = false;
    online();
    await clock.pass(4_999);
    assert.equal(server.sockets.length, 1);
    await clock.pass(1);
    assert.equal(server.sockets.length, 2);
  } finally {
    delete globalThis.addEventListener;
    delete globalThis.removeEventListener;
  }
}));

for (const heartbeat of [25_000, 240_000]) {
  test(`it pings every ${heartbeat} ms, and leaves a line that is silent for two of them`, timed(async ({ server, clock }) => {
    server.greeting.heartbeat_ms = heartbeat;
    const client = await server.connected();
    await clock.pass(3 * heartbeat);
    assert.equal(server.last.all('ping').length, 3);
    server.pongs = false;
    await clock.pass(heartbeat);
    assert.equal(server.sockets.length, 1);
    await clock.pass(heartbeat);
    assert.equal(server.sockets.length, 2);
    assert.equal(server.sockets[0].closedByClient, 1000);
    assert.equal(client.state.name, 'open');
  }));
}

test('any frame counts as a sign of life', timed(async ({ server, clock }) => {
  server.pongs = false;
  await running(server);
  for (let beat = 1; beat < 6; beat++) {
    server.last.give(progress(seq(beat), beat));
    await clock.pass(25_000);
  }
  assert.equal(server.sockets.length, 1);
}));

test('at a goaway it makes the next line at the moment given, and drops the old one behind the welcome', timed(async ({ server, clock }) => {
  const { client, job } = await running(server);
  const [old] = server.sockets;
  old.give({ type: 'goaway', reason: 'restart', reconnect_in_ms: 1_500 });
  await clock.pass(1_499);
  assert.equal(server.sockets.length, 1);
  server.welcomes = false;
  await clock.pass(1);
  assert.equal(server.sockets.length, 2);
  assert.deepEqual(server.last.hello.last_seq, { [JOB]: 0 });
  old.give(progress(seq(1), 40));
  await settle();
  assert.equal(job.progress.percentage, 40);
  assert.equal(old.closedByClient, null);
  server.last.welcome();
  await settle();
  assert.equal(old.closedByClient, 1000);
  assert.deepEqual(client.states, ['connecting', 'open', 'open']);
}));

test('at nine tenths of its age it makes the next line', timed(async ({ server, clock }) => {
  server.greeting.max_age_ms = 100_000;
  await server.connected();
  await clock.pass(89_999);
  assert.equal(server.sockets.length, 1);
  await clock.pass(1);
  assert.equal(server.sockets.length, 2);
  assert.equal(server.sockets[0].closedByClient, 1000);
}));

test('an answer that is still to come on the old line is waited for, ten seconds at most', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const [old] = server.sockets;
  const quick = client.request('echo', 1);
  const slow = client.request('echo', 2);
  old.give({ type: 'goaway', reason: 'restart', reconnect_in_ms: 0 });
  await clock.pass();
  assert.equal(client.state.session, 's-2');
  assert.equal(old.closedByClient, null);
  old.give({ type: 'response', request_id: quick.requestId, success: true, data: 'one' });
  assert.equal(await quick, 'one');
  await clock.pass(10_000);
  await assert.rejects(slow, { code: 'CONNECTION_LOST', mayHaveStarted: true });
  assert.equal(old.closedByClient, 1000);
}));

test('a job that is acknowledged on the old line moves to the new one', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const [old] = server.sockets;
  const job = client.request('report', {});
  old.give({ type: 'goaway', reason: 'restart', reconnect_in_ms: 0 });
  await clock.pass();
  server.welcomes = false;
  old.give(ack(job));
  await settle();
  const [, moved] = server.last.all('hello');
  assert.deepEqual(moved.last_seq, { [JOB]: 0 });
  assert.equal(old.closedByClient, 1000);
  server.last.give(complete(seq(3)));
  server.last.welcome({ jobs: [{ snapshot: snapshot(), events: [] }] });
  assert.deepEqual(await job, { ok: true });
}));

test('while the next line cannot be had the old one goes on; behind a goaway 1012 waits for its moment', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const [old] = server.sockets;
  const open = server.arrived;
  server.arrived = (socket) => socket.refuse(403);
  old.give({ type: 'goaway', reason: 'restart', reconnect_in_ms: 100 });
  await clock.pass(1_000);
  assert.equal(client.state.name, 'open');
  const job = client.request('echo', 1);
  old.give({ type: 'response', request_id: job.requestId, success: true, data: 1 });
  assert.equal(await job, 1);
  server.arrived = open;
  await clock.pass(30_000);
  assert.equal(client.state.session, `s-${server.sockets.length}`);
  server.last.give({ type: 'goaway', reason: 'restart', reconnect_in_ms: 3_000 });
  await clock.pass(1_000);
  server.last.end(1012);
  await settle();
  assert.equal(client.state.at - clock.now, 2_000);
}));
