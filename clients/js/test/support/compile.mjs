import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = join(dirname(fileURLToPath(import.meta.url)), '../..');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

/** What the compiler says of files that use the package, by their names; nothing if all is well. */
export function compile(files) {
  const folder = mkdtempSync(join(home, 'dist/use-'));
  try {
    mkdirSync(join(folder, 'node_modules/@streamer'), { recursive: true });
    symlinkSync(home, join(folder, 'node_modules/@streamer/client'));
    const paths = Object.entries(files).map(([name, text]) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    });
    const options = ['--ignoreConfig', '--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022,dom', '--types', '', '--module', 'nodenext'];
    execFileSync(process.execPath, [tsc, ...options, ...paths], { encoding: 'utf8' });
    return '';
  } catch (e) {
    return e.stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
