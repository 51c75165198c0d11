// A page that asks for a job and shows how it goes; the test calls what stands here.
import { StreamerClient } from './streamer.min.js';

const bar = Object.assign(document.createElement('progress'), { max: 100, value: 0 });
const line = document.createElement('p');
document.querySelector('main').append(bar, line);
const shown = { bars: [], rows: [], result: undefined, error: undefined };

const options = {
  onProgress: ({ percentage, message }) => {
    bar.value = percentage;
    line.textContent = message;
    shown.bars.push(percentage);
  },
  onEvent: ({ data }) => shown.rows.push(data.row),
};

function follow(job) {
  job.then(
    (result) => (shown.result = result),
    ({ code, details }) => (shown.error = { code, details }),
  );
  return { job };
}

const client = new StreamerClient(given.get('url'), { token: fetchToken, persist: true });
const page = {
  shown,
  client,
  request: (action, payload, more = {}) => follow(client.request(action, payload, { ...options, ...more })),
  goOn: () => client.kept.map(({ jobId }) => follow(client.attach(jobId, options))).length,
  /** From here on timers fall due only when a test lets time pass. */
  stopTheClock() {
    const timers = new Map();
    let now = Date.now();
    let next = 1;
    globalThis.setTimeout = (run, ms = 0) => {
      timers.set(next, { at: now + Math.max(0, ms), run });
      return next++;
    };
    globalThis.clearTimeout = (id) => timers.delete(id);
    Date.now = () => now;
    page.pass = (ms) => {
      const end = now + ms;
      for (;;) {
        const [due] = [...timers].filter(([, { at }]) => at <= end).sort(([, x], [, y]) => x.at - y.at);
        if (!due) {
          break;
        }
        timers.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].run();
      }
      now = end;
    };
  },
};
Object.assign(globalThis, { page });
