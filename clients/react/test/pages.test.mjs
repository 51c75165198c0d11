import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const home = join(dirname(fileURLToPath(import.meta.url)), '..');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

test('what the page shows compiles', () => {
  const page = readFileSync(join(home, '../../docs/client-react.md'), 'utf8');
  const snippets = [...page.matchAll(/```tsx\n(.*?)```/gs)].map(([, snippet]) => snippet);
  assert.ok(snippets.length > 0);
  const folder = mkdtempSync(join(home, 'dist/use-'));
  try {
    snippets.forEach((snippet, n) => writeFileSync(join(folder, `snippet${n}.tsx`), snippet));
    const paths = { '@streamer/client': [join(home, '../js/dist/esm/index.d.ts')], '@streamer/react': [join(home, 'dist/esm/index.d.ts')] };
    const options = {
      strict: true, noEmit: true, jsx: 'react-jsx', target: 'es2022', lib: ['es2022', 'dom'], types: [],
      module: 'esnext', moduleResolution: 'bundler', paths,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
    execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  } catch (e) {
    assert.fail(e.stdout ?? e);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what is published is what was built, with its types, the README and the licence', () => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: home, encoding: 'utf8' });
  assert.deepEqual(JSON.parse(packed)[0].files.map(({ path }) => path).sort(), [
    'LICENSE', 'README.md',
    ...['cjs', 'esm'].flatMap((kind) => ['follow.d.ts', 'index.d.ts', 'index.js', 'package.json'].map((file) => `dist/${kind}/${file}`)),
    'package.json',
  ]);
});

test('the lock file names no registry', () => {
  const lock = readFileSync(join(home, 'package-lock.json'), 'utf8');
  assert.ok(!/resolved|https?:\/\/(?!opencollective|github)/.test(lock));
});
