import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { JOB, running, seq, Server, snapshot } from './support/server.mjs';

let shelf;
let base;
const seen = [];

before(async () => {
  shelf = createServer((request, answer) => {
    seen.push(request);
    const [, status, ...rest] = request.url.split('/');
    if (status === 'endless') {
      const more = () => answer.writable && answer.write(Buffer.alloc(65_536, 0x20), more);
      more();
      return;
    }
    if (status === 'drop' && seen.filter(({ url }) => url === request.url).length < 3) {
      request.socket.destroy();
    } else {
      answer.writeHead(status === 'drop' ? 200 : Number(status));
      answer.end(decodeURIComponent(rest.join('/')));
    }
  });
  await new Promise((resolve) => shelf.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${shelf.address().port}`;
});

after(() => new Promise((resolve) => {
  shelf.closeAllConnections();
  shelf.close(resolve);
}));

const at = (status, body) => `${base}/${status}/${encodeURIComponent(body)}`;

/** A job that ended with this address, and the server's side of it. */
async function ended(url, options = {}) {
  const server = new Server();
  const { job, client } = await running(server, options);
  server.last.give({ type: 'complete', request_id: job.requestId, job_id: JOB, seq: seq(4), success: true, result_url: url });
  return { job, client, server };
}

test('a large result is fetched without a token and becomes the result', async () => {
  const { job, client } = await ended(at(200, '{"rows":[1,2]}'));
  assert.deepEqual(await job, { rows: [1, 2] });
  assert.equal(seen.at(-1).headers.authorization, undefined);
  client.close();
});

test('the address itself is the result where fetching is turned off', async () => {
  const before = seen.length;
  const { job, client } = await ended(at(200, '{}'), { fetchResult: false });
  assert.deepEqual(await job, { result_url: at(200, '{}') });
  assert.equal(seen.length, before);
  client.close();
});

for (const [maxResultBytes, fits] of [[11, true], [10, false], [1, false]]) {
  test(`a result of 11 bytes is ${fits ? 'within' : 'over'} a limit of ${maxResultBytes}`, async () => {
    const { job, client } = await ended(at(200, '{"a":"bcd"}'), { maxResultBytes });
    if (fits) {
      assert.deepEqual(await job, { a: 'bcd' });
    } else {
      await assert.rejects(job, { code: 'RESULT_TOO_LARGE', jobId: JOB, retryable: false, details: { result_url: at(200, '{"a":"bcd"}') } });
    }
    client.close();
  });
}

test('a result without an end is given up at its limit', { timeout: 20_000 }, async () => {
  const { job, client } = await ended(at('endless', ''), { maxResultBytes: 200_000 });
  await assert.rejects(job, { code: 'RESULT_TOO_LARGE' });
  client.close();
});

test('where the address is too old, a fresh one is asked for', async () => {
  const { job, client, server } = await ended(at(403, 'expired'));
  while (server.last.all('status').length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  server.last.answer('status', snapshot({ status: 'succeeded', result_url: at(200, '{"n":2}') }));
  assert.deepEqual(await job, { n: 2 });
  client.close();
});

test('a fetch that breaks is tried again, and given up behind the third time', async () => {
  for (const [url, check] of [
    [at('drop', '{"n":3}'), async (job) => assert.deepEqual(await job, { n: 3 })],
    [at(500, 'x'), (job) => assert.rejects(job, { code: 'RESULT_UNAVAILABLE', retryable: true, jobId: JOB })],
  ]) {
    const { job, client, server } = await ended(url);
    const answers = setInterval(() => {
      const [asked] = server.last.all('status').splice(-1);
      if (asked && !asked.done) {
        asked.done = true;
        server.last.answer('status', snapshot({ status: 'succeeded', result_url: url }));
      }
    }, 5);
    await check(job);
    clearInterval(answers);
    client.close();
  }
});

test('what is no JSON is not fetched again', async () => {
  const { job, client } = await ended(at(200, '<html>'));
  await assert.rejects(job, { code: 'RESULT_UNAVAILABLE' });
  assert.equal(seen.filter(({ url }) => url.includes('html')).length, 1);
  client.close();
});
