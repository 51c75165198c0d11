import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from './support/clock.mjs';
import { ack, complete, JOB, running, Server, seq, snapshot, timed } from './support/server.mjs';

const kept = (body) => timed(async (given) => {
  const store = new Map();
  globalThis.sessionStorage = { getItem: (key) => store.get(key) ?? null, setItem: (key, value) => store.set(key, value) };
  try {
    await body({ ...given, store });
  } finally {
    delete globalThis.sessionStorage;
  }
});

test('a job under way is there after a reload, one that ended is not', kept(async ({ server }) => {
  const { client, job } = await running(server, { id: 'r' }, { persist: true });
  const other = client.request('report', {}, { id: 'r-2' });
  server.last.give(ack(other, { job_id: 'other' }));
  server.last.give({ ...complete(seq(1)), job_id: 'other' });
  await other;
  const page = new Server();
  const reloaded = await page.connected({ persist: true });
  assert.deepEqual(reloaded.kept, [{ jobId: JOB, requestId: 'r', action: 'report' }]);
  const again = reloaded.attach(JOB);
  assert.deepEqual([again.requestId, again.action], ['r', 'report']);
  assert.deepEqual(page.last.all('subscribe')[0].after_seq, 0);
  page.last.answer('subscribe', { snapshot: snapshot(), events: [] });
  page.last.give(complete(seq(2)));
  assert.deepEqual(await again, { ok: true });
  assert.deepEqual(reloaded.kept, []);
  assert.deepEqual((await new Server().connected({ persist: true })).kept, []);
  assert.equal(job.done, false);
}));

test('all that is under way is there after a reload', kept(async ({ server }) => {
  const { client } = await running(server, { id: 'r' }, { persist: true });
  for (const n of [2, 3]) {
    const other = client.request('report', {}, { id: `r-${n}` });
    server.last.give(ack(other, { job_id: `job-${n}` }));
    await other.accepted();
  }
  const reloaded = new Server().client({ persist: true });
  assert.deepEqual(reloaded.kept.map(({ jobId, requestId }) => [jobId, requestId]), [[JOB, 'r'], ['job-2', 'r-2'], ['job-3', 'r-3']]);
}));

test('a job that needs its owner is owned again after a reload', kept(async ({ server }) => {
  await running(server, { onDisconnect: 'cancel' }, { persist: true });
  const page = new Server();
  page.welcomes = false;
  const reloaded = page.client({ persist: true });
  reloaded.attach(JOB);
  await settle();
  assert.deepEqual(page.last.hello.last_seq, { [JOB]: 0 });
}));

test('to leave is not to end: what was under way stays', kept(async ({ server }) => {
  const { client } = await running(server, {}, { persist: true });
  client.close();
  assert.equal(new Server().client({ persist: true }).kept.length, 1);
}));

for (const code of [1000, 4403, 4503]) {
  test(`a job that is left behind by a close with ${code} stays, too`, kept(async ({ server }) => {
    const { job } = await running(server, {}, { persist: true });
    server.last.end(code, 'no');
    await assert.rejects(job, { code: 'CONNECTION_LOST' });
    assert.equal(new Server().client({ persist: true }).kept.length, 1);
  }));
}

test('without persist nothing is kept, and without a storage nothing breaks', kept(async ({ server, store }) => {
  await running(server);
  assert.equal(store.size, 0);
  globalThis.sessionStorage = { getItem: () => '{broken', setItem: () => { throw new Error('full'); } };
  const { client } = await running(server, {}, { persist: true });
  assert.equal(client.kept.length, 1);
}));
