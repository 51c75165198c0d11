import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compile } from './support/compile.mjs';

for (const page of ['README.md', 'docs/client-js.md', 'clients/js/README.md']) {
  const text = readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8');
  const snippets = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, snippet]) => snippet);

  test(`what ${page} shows compiles`, () => {
    assert.ok(snippets.length > 0);
    assert.equal(compile(Object.fromEntries(snippets.map((snippet, n) => [`snippet${n + 1}.mts`, snippet]))), '');
  });
}

test('every code of the client is on its page', async () => {
  const page = readFileSync(new URL('../../../docs/client-js.md', import.meta.url), 'utf8');
  const source = readFileSync(new URL('../src/error.ts', import.meta.url), 'utf8');
  const codes = [...source.matchAll(/^  \| '([A-Z_]+)'/gm)].map(([, code]) => code);
  assert.equal(codes.length, 8);
  assert.deepEqual(codes.filter((code) => !page.includes(`\`${code}\``)), []);
});
