// Sockets that each ask for an echo once a second. Thresholds end it with exit code 99.
//   k6 run -e URL=ws://127.0.0.1:8081/ws -e TOKEN="$(./streamer token --user you --tenant demo)" bench/k6/echo.js
// SOCKETS (100) and SECONDS (60) say how many for how long; ACTION (echo) is answered on the spot.
import { check } from 'k6';
import ws from 'k6/ws';
import { Rate, Trend } from 'k6/metrics';

const SOCKETS = Number(__ENV.SOCKETS || 100);
const SECONDS = Number(__ENV.SECONDS || 60);

const answered = new Trend('streamer_answered', true);
const failed = new Rate('streamer_failed');

export const options = {
  scenarios: { sockets: { executor: 'per-vu-iterations', vus: SOCKETS, iterations: 1, maxDuration: `${SECONDS + 60}s` } },
  thresholds: { checks: ['rate==1'], streamer_answered: ['p(99)<250'], streamer_failed: ['rate<0.001'] },
};

export default function () {
  const waiting = new Map();
  const headers = { Authorization: `Bearer ${__ENV.TOKEN}` };
  const handshake = ws.connect(__ENV.URL, { headers }, (socket) => {
    let asked = 0;
    let over = false;
    socket.on('open', () => {
      socket.setInterval(() => {
        if (!over) {
          const id = `${__VU}-${(asked += 1)}`;
          waiting.set(id, Date.now());
          socket.send(JSON.stringify({ id, action: __ENV.ACTION || 'echo', payload: { asked } }));
        }
      }, 1000);
      socket.setTimeout(() => {
        over = true;
        // for answers that are on their way
        socket.setTimeout(() => socket.close(), 2000);
      }, SECONDS * 1000);
    });
    socket.on('message', (text) => {
      const { type, request_id: id } = JSON.parse(text);
      const sentAt = waiting.get(id);
      if (sentAt !== undefined) {
        waiting.delete(id);
        answered.add(Date.now() - sentAt);
        failed.add(type !== 'response');
      }
    });
  });
  check(handshake, { 'the socket opened': ({ status }) => status === 101 });
  waiting.forEach(() => failed.add(true));
}
