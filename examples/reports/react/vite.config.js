// `npm run dev` beside `./streamer dev examples/reports` serves the page as it is saved; `npm run build` puts it
// where the stage serves it itself, as http://127.0.0.1:8081/page/react/.
const stage = '127.0.0.1:8081';

export default {
  base: './',
  esbuild: { jsx: 'automatic' },
  // the hooks are a link to their own folder, which has a React of its own
  resolve: { dedupe: ['react', '@streamer/client'] },
  build: { outDir: '../page/react', emptyOutDir: true },
  server: {
    fs: { allow: ['..', '../../../clients'] },
    proxy: {
      '/ws': { target: `ws://${stage}`, ws: true },
      '/console': { target: `http://${stage}` },
    },
  },
};
