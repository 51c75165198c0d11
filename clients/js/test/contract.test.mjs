import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { contract } from '../contract.mjs';
import { compile } from './support/compile.mjs';

const here = (file) => readFileSync(new URL(file, import.meta.url), 'utf8');
const types = here('../src/contract.ts');

test('the types say what the schemas say: npm run contract makes them anew', () => {
  assert.equal(types, contract());
});

const frames = JSON.parse(here('../../../protocol/vectors/golden/server.json')).map(({ frame }) => JSON.parse(frame));
const typed = (frame, n) => `const frame${n}: ServerFrames['${frame.type}'] = ${JSON.stringify(frame)};`;

test("the contract's examples have these types", () => {
  assert.ok(frames.length > 30);
  assert.equal(compile({ 'frames.mts': [types, ...frames.map(typed)].join('\n') }), '');
});

test('what the contract does not have has none of these types', () => {
  const progress = frames.find(({ type }) => type === 'progress');
  const wrong = [{ ...progress, percentage: 'much' }, { ...progress, surprise: 1 }, { ...progress, attempt: undefined }, { ...progress, type: 'rewind' }];
  const said = compile({ 'frames.mts': [types, ...wrong.map(typed)].join('\n') });
  assert.deepEqual([...said.matchAll(/: error (TS\d+)/g)].map(([, code]) => code), ['TS2322', 'TS2353', 'TS2741', 'TS2353']);
});
