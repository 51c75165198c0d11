import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { settle } from './support/clock.mjs';
import { Server, timed } from './support/server.mjs';

const vectors = JSON.parse(readFileSync(new URL('../../../protocol/vectors/golden/server.json', import.meta.url), 'utf8'));

for (const { name, frame } of vectors) {
  test(`the contract's example is taken as it is: ${name}`, timed(async () => {
    const server = new Server();
    const client = await server.connected();
    const { type, request_id: id, job_id: jobId, seq, data, error, result, result_url: url } = JSON.parse(frame);
    const progress = [];
    // the id of a welcome or a pong is its own frame's
    const own = id && !['welcome', 'pong', 'goaway'].includes(type);
    const job = client.request('a', {}, { ...(own && { id }), fetchResult: false, onProgress: (p) => progress.push(p) });
    server.last.give(frame);
    await settle();
    assert.equal(client.state.name, 'open');
    if (type === 'response' && id) {
      assert.deepEqual(await job, data);
    } else if (type === 'complete') {
      assert.deepEqual(await job, result ?? { result_url: url });
    } else if (type === 'error' && id) {
      await assert.rejects(job, { code: error.code, message: error.message, retryable: error.retryable, retryAfter: error.retry_after_ms });
    } else if (type === 'progress') {
      const { percentage, message, attempt } = JSON.parse(frame);
      assert.deepEqual([progress[0].percentage, progress[0].message, progress[0].attempt], [percentage, message, attempt]);
    } else {
      assert.equal(job.done, false);
    }
    if (id && seq) {
      assert.equal(job.jobId, jobId);
    }
  }));
}
