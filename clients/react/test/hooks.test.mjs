import assert from 'node:assert/strict';
import { test } from 'node:test';
import { act, createElement, StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { create } from 'react-test-renderer';
import { StreamerProvider, useConnection, useJob, useRequest } from '../dist/esm/index.js';
import { settle } from '../../js/test/support/clock.mjs';
import { ack, complete, event, failed, JOB, progress, seq, Server, snapshot } from '../../js/test/support/server.mjs';

globalThis.IS_REACT_ACT_ENVIRONMENT = true;
const complaints = [];
// the renderer says at each start that it is deprecated
console.error = (...words) => String(words[0]).includes('react-test-renderer is deprecated') || complaints.push(words.join(' '));

/** Shows what a hook gives; `renders` has each of its values. */
async function show(use, { strict = false, props = {} } = {}) {
  const server = new Server();
  const client = server.client();
  const renders = [];
  const Probe = (given) => {
    renders.push(use(given));
    return null;
  };
  const tree = (given) => {
    const inside = createElement(StreamerProvider, { client }, createElement(Probe, given));
    return strict ? createElement(StrictMode, null, inside) : inside;
  };
  let root;
  await act(async () => {
    root = create(tree(props));
  });
  // an effect may have connected
  await act(settle);
  return {
    server, client, renders,
    get now() {
      return renders.at(-1);
    },
    give: (...frames) => act(async () => {
      frames.forEach((frame) => server.last.give(frame));
      await settle();
    }),
    does: (action) => act(async () => {
      action();
      await settle();
    }),
    props: async (given) => {
      await act(async () => root.update(tree(given)));
      await act(settle);
    },
    close: () => act(async () => {
      client.close();
      await settle();
    }),
    leave: () => act(async () => {
      root.unmount();
      await settle();
    }),
  };
}

async function job(page, options) {
  let handle;
  await page.does(() => (handle = page.now.run({ a: 1 }, options)));
  await page.give(ack(handle));
  // in an object: a handle given back from here would be awaited
  return { handle };
}

for (const strict of [false, true]) {
  const how = strict ? ' under StrictMode' : '';

  test(`a request is shown from its start to its result${how}`, async () => {
    const page = await show(() => useRequest('report'), { strict });
    assert.equal(page.now.state, 'idle');
    await job(page);
    assert.deepEqual([page.now.state, page.now.jobId], ['accepted', JOB]);
    await page.give(progress(seq(1), 25));
    assert.deepEqual([page.now.state, page.now.progress.percentage], ['running', 25]);
    await page.give(event(seq(2), 'a'), event(seq(3), 'b'));
    assert.deepEqual(page.now.events.map(({ data }) => data), ['a', 'b']);
    await page.give(complete(seq(4), { url: 'u' }));
    assert.deepEqual([page.now.state, page.now.result, page.now.error], ['succeeded', { url: 'u' }, undefined]);
    assert.equal(page.server.last.all('request').length, 1);
    await page.close();
  });

  test(`a job is followed while its component is there${how}`, async () => {
    const page = await show(({ id }) => useJob(id), { strict, props: { id: JOB } });
    const subscribed = page.server.last.all('subscribe').at(-1);
    await page.give({ type: 'response', request_id: subscribed.id, success: true, data: { snapshot: snapshot({ percentage: 30 }), events: [event(seq(1), 'a')] } });
    assert.deepEqual([page.now.progress.percentage, page.now.events.length], [30, 1]);
    await page.leave();
    assert.equal(page.server.last.all('unsubscribe').at(-1).job_id, JOB);
    const renders = page.renders.length;
    await page.give(progress(seq(5), 50));
    assert.equal(page.renders.length, renders);
    await page.close();
  });
}

test('an error is shown, and another run takes its place', async () => {
  const page = await show(() => useRequest('report'));
  await job(page);
  await page.give(failed(seq(1), 'PROCESSING_FAILED'));
  assert.deepEqual([page.now.state, page.now.error.code, page.now.error.jobId], ['failed', 'PROCESSING_FAILED', JOB]);
  await page.does(() => page.now.run({ a: 2 }));
  assert.deepEqual([page.now.state, page.now.error, page.now.jobId], ['sent', undefined, undefined]);
  await page.close();
});

test('only the newest run is shown', async () => {
  const page = await show(() => useRequest('echo'));
  let first;
  let second;
  await page.does(() => {
    first = page.now.run(1);
    second = page.now.run(2);
  });
  const answer = (handle, data) => ({ type: 'response', request_id: handle.requestId, success: true, data });
  await page.give(answer(first, 'one'));
  assert.deepEqual([page.now.state, page.now.result], ['sent', undefined]);
  await page.give(answer(second, 'two'));
  assert.equal(page.now.result, 'two');
  await page.does(() => page.now.reset());
  assert.equal(page.now.state, 'idle');
  await page.close();
});

test('events that are void are taken back', async () => {
  const page = await show(() => useRequest('report'));
  await job(page);
  await page.give(event(seq(1), 'a'), event(seq(2), 'b'), { type: 'rewind', job_id: JOB, seq: seq(1, 2), after_seq: seq(1) });
  assert.deepEqual(page.now.events.map(({ data }) => data), ['a']);
  await page.close();
});

test('cancel is told by the state', async () => {
  const page = await show(() => useRequest('report'));
  assert.equal(await page.now.cancel(), false);
  await job(page);
  let told;
  await page.does(() => page.now.cancel().then((cancelled) => (told = cancelled)));
  assert.equal(page.server.last.all('cancel').length, 1);
  await page.give(failed(seq(1), 'CANCELLED'));
  assert.deepEqual([told, page.now.state], [true, 'cancelled']);
  await page.close();
});

test('a component that has gone hears no more, and its job goes on', async () => {
  const page = await show(() => useRequest('report'));
  const { handle } = await job(page);
  const renders = page.renders.length;
  await page.leave();
  await page.give(progress(seq(1), 10), complete(seq(2)));
  assert.equal(page.renders.length, renders);
  assert.deepEqual(await handle, { ok: true });
  assert.equal(page.server.last.all('cancel').length, 0);
  await page.close();
});

test('run, cancel and reset stay the same over renders', async () => {
  const page = await show(() => useRequest('report'));
  const [{ run, cancel, reset }] = page.renders;
  await job(page);
  await page.props({ other: 1 });
  assert.ok(page.renders.length > 2);
  assert.ok(page.renders.every((one) => one.run === run && one.cancel === cancel && one.reset === reset));
  await page.close();
});

test('another id follows another job, none follows nothing', async () => {
  const page = await show(({ id }) => useJob(id), { props: {} });
  assert.deepEqual([page.now.state, page.server.sockets.length], ['idle', 0]);
  const other = `other${JOB.slice(5)}`;
  await page.props({ id: JOB });
  await page.props({ id: JOB, more: 1 });
  await page.props({ id: other });
  assert.deepEqual(page.server.last.all('subscribe').map(({ job_id: id }) => id), [JOB, other]);
  assert.deepEqual(page.server.last.all('unsubscribe').map(({ job_id: id }) => id), [JOB]);
  await page.props({});
  assert.equal(page.now.state, 'idle');
  await page.close();
});

test('the connection is shown as it changes', async () => {
  const page = await show(() => useConnection());
  assert.equal(page.now.name, 'closed');
  await page.does(() => page.client.connect());
  assert.equal(page.now.name, 'open');
  await page.does(() => page.server.last.end(4403, 'forbidden'));
  assert.deepEqual(page.now, { name: 'closed', code: 4403, reason: 'forbidden' });
});

test('on a server it renders and connects nowhere', () => {
  const server = new Server();
  const Page = () => {
    const { state } = useRequest('report');
    const { events } = useJob(JOB);
    return createElement('p', null, `${state} ${events.length} ${useConnection().name}`);
  };
  const html = renderToString(createElement(StreamerProvider, { client: server.client() }, createElement(Page)));
  assert.equal(html, '<p>idle 0 closed</p>');
  assert.equal(server.sockets.length, 0);
});

test('without a provider a hook says what is missing', () => {
  const Page = () => useRequest('report').state;
  assert.throws(() => renderToString(createElement(Page)), /StreamerProvider/);
});

test('React complained of nothing', () => assert.deepEqual(complaints, []));
