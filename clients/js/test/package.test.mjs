import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { compile } from './support/compile.mjs';

const require = createRequire(import.meta.url);
const home = join(dirname(fileURLToPath(import.meta.url)), '..');

test('a page carries 8 KB at most', () => {
  const size = gzipSync(readFileSync(join(home, 'dist/streamer.min.js')), { level: 9 }).length;
  assert.ok(size <= 8 * 1024, `${size} bytes`);
});

test('a page carries nothing of another package', () => {
  const page = readFileSync(join(home, 'dist/streamer.min.js'), 'utf8');
  assert.ok(!page.includes('Browser clients must use the native WebSocket object'));
});

test('what is published is what was built, with its types, the README and the licence', () => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: home, encoding: 'utf8' });
  const files = JSON.parse(packed)[0].files.map(({ path }) => path);
  const types = files.filter((path) => /^dist\/(esm|cjs)\/[a-z]+\.d\.ts$/.test(path));
  assert.ok(types.includes('dist/esm/index.d.ts') && types.includes('dist/cjs/index.d.ts'));
  assert.deepEqual(files.filter((path) => !types.includes(path)).sort(), [
    'LICENSE', 'README.md', 'dist/cjs/index.js', 'dist/cjs/package.json', 'dist/esm/index.js', 'dist/esm/package.json',
    'dist/streamer.min.js', 'package.json',
  ]);
});

test('the licence is that of the whole', () => {
  const text = (path) => readFileSync(join(home, path), 'utf8');
  for (const client of ['js', 'react', 'python']) {
    assert.equal(text(`../${client}/LICENSE`), text('../../LICENSE'));
  }
});

test('it needs no other package', () => {
  const { dependencies, peerDependenciesMeta } = require('../package.json');
  assert.equal(dependencies, undefined);
  assert.equal(peerDependenciesMeta.ws.optional, true);
});

test('the lock file names no registry', () => {
  const lock = readFileSync(join(home, 'package-lock.json'), 'utf8');
  assert.ok(!/resolved|https?:\/\/(?!opencollective|github)/.test(lock));
});

test('import and require both bring the client and its error', async () => {
  const imported = await import('../dist/esm/index.js');
  const required = require('../dist/cjs/index.js');
  for (const found of [imported, required]) {
    assert.deepEqual(Object.keys(found).filter((name) => name !== 'default').sort(), ['StreamerClient', 'StreamerError']);
  }
});

const TYPED = `import { StreamerClient } from '@streamer/client';
type Quote = { symbol: string };
type Price = { price: number };
const client = new StreamerClient<{ quote: [Quote, Price]; ping: [undefined, string] }>('wss://x/ws', { token: () => 'T' });
`;
const LOOSE = `import { StreamerClient } from '@streamer/client';
const client = new StreamerClient('wss://x/ws', { token: async () => 'T' });
`;

for (const [what, text] of [
  ['a typed action', `${TYPED}const price: number = (await client.request('quote', { symbol: 'A' })).price;
const pong: string = await client.request('ping');`],
  ['any action', `${LOOSE}const report = await client.request('generate_report', { start_date: 'x' }, { onProgress: (p) => p.percentage.toFixed() });
console.log(report.url, (await client.attach<{ n: number }>('j')).n);
for await (const { name, seq } of client.attach('j').events) console.log(name, seq);`],
]) {
  test(`${what} compiles`, () => assert.equal(compile({ 'use.mts': text }), ''));
}

test('what is required compiles, too', () =>
  assert.equal(compile({ 'use.cts': `import streamer = require('@streamer/client');\nnew streamer.StreamerClient('ws://x', { token: 'T' }).close();` }), ''));

for (const [what, text, complaint] of [
  ['another payload', `${TYPED}client.request('quote', { symbol: 5 });`, /TS2322/],
  ['no payload', `${TYPED}client.request('quote');`, /TS2554/],
  ['another action', `${TYPED}client.request('order', {});`, /TS2345/],
  ['another result', `${TYPED}const p: { price: string } = await client.request('quote', { symbol: 'A' });`, /TS2322/],
  ['an option that is none', `${LOOSE}client.request('a', {}, { retries: 3 });`, /TS2353/],
  ['what is inside', `${LOOSE}client.attach('j').take({});`, /TS2339/],
]) {
  test(`${what} does not compile`, () => assert.match(compile({ 'use.mts': text }), complaint));
}
