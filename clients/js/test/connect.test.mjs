import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './support/clock.mjs';
import { timed } from './support/server.mjs';

test('it connects with its first request, and says hello before anything else', timed(async ({ server }) => {
  const client = server.client();
  assert.deepEqual(client.state, { name: 'closed', reason: 'not connected yet' });
  assert.equal(server.sockets.length, 0);
  client.request('echo');
  await settle();
  assert.deepEqual(server.last.sent.map((frame) => frame.type), ['hello', 'request']);
  assert.deepEqual(server.last.hello.last_seq, {});
  assert.deepEqual(client.states, ['connecting', 'open']);
  assert.equal(client.state.session, 's-1');
}));

test('nothing but the hello is sent before the welcome', timed(async ({ server }) => {
  server.welcomes = false;
  const client = server.client();
  client.request('echo');
  await settle();
  assert.deepEqual(server.last.sent.map((frame) => frame.type), ['hello']);
  server.last.welcome();
  await settle();
  assert.deepEqual(server.last.sent.map((frame) => frame.type), ['hello', 'request']);
}));

test('where headers can be set the token goes into one, and into no address', timed(async ({ server }) => {
  await server.connected({ token: 'a.b-_c' });
  assert.equal(server.last.url, 'wss://api.example.com/ws');
  assert.deepEqual(server.last.rest, [['streamer.v1'], { headers: { Authorization: 'Bearer a.b-_c' } }]);
}));

for (const token of ['a.b-_c', 'x?>~', 'eyJhbGciOiJub25lIn0.e30.sig']) {
  test(`a browser offers the token ${token} as a subprotocol`, timed(async ({ server }) => {
    globalThis.document = { addEventListener() {}, removeEventListener() {} };
    try {
      const client = await server.connected({ token });
      const [[first, bearer], ...rest] = server.last.rest;
      assert.equal(first, 'streamer.v1');
      assert.match(bearer, /^bearer\.[A-Za-z0-9_-]+$/);
      assert.equal(Buffer.from(bearer.slice(7), 'base64url').toString(), token);
      assert.deepEqual(rest, []);
      client.close();
    } finally {
      delete globalThis.document;
    }
  }));
}

test('a token function is asked before each connect, and may take its time', timed(async ({ server, clock }) => {
  let asked = 0;
  await server.connected({ token: async () => `t${++asked}` });
  server.last.end(1001);
  await clock.pass();
  const sent = server.sockets.map(({ rest }) => rest[1].headers.Authorization);
  assert.deepEqual(sent, ['Bearer t1', 'Bearer t2']);
}));

test('a token function that fails is asked again later, and its message is the reason', timed(async ({ server, clock }) => {
  let asked = 0;
  const token = () => {
    if (++asked < 3) {
      throw new Error('no session');
    }
    return 'T';
  };
  const client = await server.connected({ token });
  assert.deepEqual(client.state, { name: 'waiting', at: clock.now + 500, reason: 'no session' });
  await clock.pass(500);
  assert.equal(asked, 2);
  await clock.pass(1_000);
  assert.equal(client.state.name, 'open');
}));

test('an expired token is replaced at once, a text that is refused ends the connection', timed(async ({ server, clock }) => {
  let asked = 0;
  const fresh = await server.connected({ token: () => `t${++asked}` });
  server.last.end(4401, 'token expired');
  await clock.pass();
  assert.equal(fresh.state.name, 'open');
  assert.equal(asked, 2);
  const stale = await server.connected({ token: 'old' });
  server.last.end(4401, 'token expired');
  await clock.pass(60_000);
  assert.deepEqual(stale.state, { name: 'closed', reason: 'token expired', code: 4401 });
}));

test('a handshake answered with 401 asks for another token, with 403 it is over', timed(async ({ server, clock }) => {
  let asked = 0;
  let refused = 0;
  const open = server.arrived;
  server.arrived = (socket) => (++refused === 1 ? socket.refuse(401) : open(socket));
  const client = await server.connected({ token: () => `t${++asked}` });
  await clock.pass();
  assert.deepEqual([client.state.name, asked], ['open', 2]);
  server.arrived = (socket) => socket.refuse(403);
  const forbidden = await server.connected();
  await clock.pass();
  assert.equal(forbidden.state.name, 'closed');
}));

test('the token stands in no error and no state', timed(async ({ server, clock }) => {
  server.arrived = (socket) => socket.refuse(401);
  const client = await server.connected({ token: 'swordfish' });
  const error = await client.request('echo', {}, { waitMs: 1 }).catch((e) => e);
  await clock.pass(10);
  assert.ok(!JSON.stringify([client.state, error, error?.message, error?.stack]).includes('swordfish'));
}));

test('a hello that is refused for now is followed by another try, one with an old token by a new token', timed(async ({ server, clock }) => {
  server.welcomes = false;
  let asked = 0;
  const client = await server.connected({ token: () => `t${++asked}` });
  const refuse = (error) => server.last.give({ type: 'error', request_id: server.last.hello.id, error });
  refuse({ code: 'SERVICE_UNAVAILABLE', message: 'away', retryable: true, retry_after_ms: 7_000 });
  await settle();
  assert.deepEqual(client.state, { name: 'waiting', at: clock.now + 7_000, reason: 'away' });
  await clock.pass(7_000);
  refuse({ code: 'UNAUTHORIZED', message: 'token expired', retryable: false });
  server.welcomes = true;
  await clock.pass(1_000);
  assert.deepEqual([client.state.name, asked], ['open', 3]);
}));

test('a hello that API Gateway lost is said again, once a second at most', timed(async ({ server, clock }) => {
  server.welcomes = false;
  await server.connected();
  for (const sent of [2, 3, 4]) {
    for (let time = 0; time < 5; time++) {
      server.last.give({ message: 'Internal server error', connectionId: 'c', requestId: 'q' });
    }
    await settle();
    assert.equal(server.last.all('hello').length, sent);
    await clock.pass(1_000);
  }
  server.welcomes = true;
  await clock.pass(1_000);
  assert.equal(server.last.all('hello').length, 5);
}));

test('a socket that never says welcome is given up', timed(async ({ server, clock }) => {
  server.welcomes = false;
  const client = await server.connected();
  await clock.pass(14_999);
  assert.equal(client.state.name, 'connecting');
  server.welcomes = true;
  await clock.pass(1);
  assert.equal(server.sockets.length, 2);
  assert.equal(client.state.name, 'open');
}));

test('a frame of no bytes, one that is no JSON and one of an unknown type change nothing', timed(async ({ server }) => {
  const client = await server.connected();
  const job = client.request('echo', 1);
  for (const frame of ['', 'no json', '[]', { type: 'later', request_id: job.requestId, job_id: 'x' }, { type: 'goaway-soon' }]) {
    server.last.give(frame);
  }
  server.last.give({ type: 'response', request_id: job.requestId, success: true, data: { n: 1 }, novel: true });
  assert.deepEqual(await job, { n: 1 });
  assert.equal(client.state.name, 'open');
}));

test('close leaves with 1000 and fails what is under way; only connect opens it again', timed(async ({ server }) => {
  const client = await server.connected();
  const job = client.request('echo', 1);
  client.close();
  assert.equal(server.last.closedByClient, 1000);
  await assert.rejects(job, { code: 'CONNECTION_LOST', mayHaveStarted: true });
  await assert.rejects(client.request('echo', 1), { code: 'CLIENT_CLOSED' });
  await assert.rejects(client.attach('j'), { code: 'CLIENT_CLOSED' });
  assert.equal(server.sockets.length, 1);
  client.connect();
  await settle();
  assert.equal(client.state.name, 'open');
}));
