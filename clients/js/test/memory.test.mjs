import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { complete, event, seq, timed } from './support/server.mjs';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

const heap = () => {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
};

test('jobs that have ended leave nothing behind, however many', timed(async ({ server, clock }) => {
  const client = await server.connected();
  const many = async (from, to) => {
    for (let n = from; n < to; n++) {
      const job = client.request('report', { n });
      const named = { request_id: job.requestId, job_id: `job-${n}` };
      server.last.give({ type: 'acknowledgment', ...named, status: 'queued' });
      for (let row = 1; row <= 5; row++) {
        server.last.give({ ...event(seq(row), 'x'.repeat(100)), ...named });
      }
      server.last.give({ ...complete(seq(9)), ...named });
      await job;
      server.last.sent.length = 0;
    }
  };
  await many(0, 1_000);
  const { timers } = clock;
  const before = heap();
  await many(1_000, 10_000);
  const grown = heap() - before;
  // a job that stays is over 1 KB
  assert.ok(grown < 2_000_000, `${grown} bytes`);
  assert.equal(clock.timers, timers);
}));
