// Builds dist: one file for ESM, one for CommonJS, each with its types, and one for pages as they are.
// With --console the console's copy of the last one is made anew.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');
const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [join(dirname(typescript), 'bin/tsc'), '-p', here, '--outDir', join(dist, 'esm')], {
  stdio: 'inherit',
});
cpSync(join(dist, 'esm'), join(dist, 'cjs'), { recursive: true });
for (const [format, type] of [['esm', 'module'], ['cjs', 'commonjs']]) {
  await build({
    entryPoints: [join(here, 'src/index.ts')],
    outfile: join(dist, format, 'index.js'),
    bundle: true,
    format,
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
  });
  writeFileSync(join(dist, format, 'package.json'), `{"type":"${type}"}\n`);
}
// what a page would carry
await build({
  entryPoints: [join(here, 'src/index.ts')],
  outfile: join(dist, 'streamer.min.js'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  // it is for where there is no WebSocket, and a page has one
  external: ['ws'],
  logLevel: 'warning',
  banner: { js: '// @streamer/client, Apache-2.0; made by: npm run console, in clients/js' },
});
if (process.argv.includes('--console')) {
  cpSync(join(dist, 'streamer.min.js'), join(here, '../../local/src/main/resources/io/streamer/local/console/streamer.js'));
}
