// Takes a job's frames, as `client` with the client, as `bare` with a WebSocket alone, and says when
// those that warm it up and the others are there: `node frames.mjs client|bare URL WARM COUNTED`.
import { StreamerClient } from '../dist/esm/index.js';

const [side, url, warm, counted] = process.argv.slice(2).map((word, at) => (at < 2 ? word : Number(word)));

function counter(first, others) {
  let seen = 0;
  return () => {
    seen += 1;
    if (seen === first) {
      process.stdout.write('warm\n');
    } else if (seen === first + others) {
      process.stdout.write('done\n');
    }
  };
}

if (side === 'client') {
  // every second frame is an event, and none of these is left out
  const one = counter(warm / 2, counted / 2);
  let newest = 0;
  const client = new StreamerClient(url, { token: 'T' });
  await client.request('frames', undefined, {
    onProgress: ({ percentage }) => {
      newest = percentage;
    },
    onEvent: one,
  });
  throw new Error(`it has ended at ${newest} %`);
}
// the acknowledgment comes before them
const one = counter(warm + 1, counted);
const WebSocket = globalThis.WebSocket ?? (await import('ws')).WebSocket;
const socket = new WebSocket(url, ['streamer.v1']);
socket.onopen = () => socket.send('{"id":"bare","action":"frames"}');
socket.onmessage = one;
