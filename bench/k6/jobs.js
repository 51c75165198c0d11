// Sockets that have one job after the other done. Thresholds end it with exit code 99.
//   k6 run -e URL=ws://127.0.0.1:8081/ws -e TOKEN="$(./streamer token --user you --tenant demo)" bench/k6/jobs.js
// SOCKETS (10) and JOBS (5) say how many have how many done; ACTION (delay, for two seconds) is a job.
import { check } from 'k6';
import ws from 'k6/ws';
import { Counter, Trend } from 'k6/metrics';

const SOCKETS = Number(__ENV.SOCKETS || 10);
const JOBS = Number(__ENV.JOBS || 5);
const ACTION = __ENV.ACTION || 'delay';
const PAYLOAD = JSON.parse(__ENV.PAYLOAD || '{"seconds":2}');

const accepted = new Trend('streamer_accepted', true);
const begun = new Trend('streamer_first_progress', true);
const done = new Trend('streamer_done', true);
const errors = new Counter('streamer_errors');

export const options = {
  scenarios: { sockets: { executor: 'per-vu-iterations', vus: SOCKETS, iterations: 1, maxDuration: '10m' } },
  thresholds: { checks: ['rate==1'], streamer_errors: ['count==0'] },
};

export default function () {
  let ended = 0;
  const headers = { Authorization: `Bearer ${__ENV.TOKEN}` };
  // one user's ids are one job each
  const run = `${Date.now()}-${__VU}`;
  const handshake = ws.connect(__ENV.URL, { headers }, (socket) => {
    let sentAt = 0;
    let moving = false;
    const next = () => {
      sentAt = Date.now();
      moving = false;
      socket.send(JSON.stringify({ id: `${run}-${ended}`, action: ACTION, payload: PAYLOAD }));
    };
    socket.on('open', next);
    socket.on('message', (text) => {
      const { type } = JSON.parse(text);
      if (type === 'acknowledgment') {
        accepted.add(Date.now() - sentAt);
      } else if (type === 'progress' && !moving) {
        moving = true;
        begun.add(Date.now() - sentAt);
      } else if (type === 'complete' || type === 'error') {
        done.add(Date.now() - sentAt);
        errors.add(type === 'error' ? 1 : 0);
        ended += 1;
        if (ended === JOBS) {
          socket.close();
        } else {
          next();
        }
      }
    });
  });
  check(handshake, { 'the socket opened': ({ status }) => status === 101 });
  check(ended, { 'all jobs ended': (all) => all === JOBS });
}
