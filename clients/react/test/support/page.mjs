// What a page shows of docs/client-react.md, as a browser loads it, under StrictMode.
// usage: node test/support/page.mjs FILE
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const home = join(dirname(fileURLToPath(import.meta.url)), '../..');
const [, shown] = /```tsx\n(.*?)```/s.exec(readFileSync(join(home, '../../docs/client-react.md'), 'utf8'));
const ADDRESS = "'wss://api.example.com/ws'";
if (!shown.includes(ADDRESS)) {
  throw new Error(`the page has no ${ADDRESS}`);
}
const contents = `
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
${shown.replace(ADDRESS, "new URLSearchParams(location.search).get('url')!")}
createRoot(document.querySelector('main')!).render(<StrictMode><App /></StrictMode>);
`;
await build({
  stdin: { contents, loader: 'tsx', resolveDir: home },
  outfile: process.argv[2],
  bundle: true,
  format: 'esm',
  jsx: 'automatic',
  target: 'es2022',
  // StrictMode does nothing in a page that is built for production
  define: { 'process.env.NODE_ENV': '"development"' },
  alias: {
    '@streamer/client': join(home, '../js/dist/esm/index.js'),
    '@streamer/react': join(home, 'dist/esm/index.js'),
  },
  logLevel: 'warning',
});
