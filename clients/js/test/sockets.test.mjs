import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { WebSocketServer } from 'ws';

/** What a process sees that asks twice; it is refused at first, as with an old token. */
const PROGRAM = `
  import { StreamerClient } from '${new URL('../dist/esm/index.js', import.meta.url)}';
  let asked = 0;
  const client = new StreamerClient(process.argv[1], { token: () => 'token-' + ++asked });
  const small = await client.request('echo', 'ü');
  const large = await client.request('echo', 'x'.repeat(100_000));
  client.close();
  console.log(JSON.stringify({ small, large: large.length, own: typeof WebSocket }));
`;

let http;
let url;
let handshakes = [];

before(async () => {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => offered.has('streamer.v1') && 'streamer.v1' });
  http = createServer();
  http.on('upgrade', (request, socket, head) => {
    handshakes.push(request);
    if (request.headers.authorization !== 'Bearer token-2') {
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (data) => {
        const { type, id, payload } = JSON.parse(data);
        const frame = type === 'hello'
          ? { type: 'welcome', request_id: id, session: 's', recovered: true, jobs: [], heartbeat_ms: 25_000, max_age_ms: 7_200_000, max_message_bytes: 131_072 }
          : { type: 'response', request_id: id, success: true, data: payload };
        client.send(JSON.stringify(frame));
      });
    });
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `ws://127.0.0.1:${http.address().port}/ws`;
});

after(() => {
  http.closeAllConnections();
  http.close();
});

for (const [what, own, flags] of [
  ['the package ws', 'undefined', ['--no-experimental-websocket']],
  ["the platform's own sockets", 'function', ['--experimental-websocket']],
]) {
  test(`with ${what} the token goes into a header, and a refused one is replaced`, { timeout: 30_000 }, async () => {
    handshakes = [];
    const cwd = fileURLToPath(new URL('..', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--input-type=module', '-e', PROGRAM, url], { cwd });
    assert.deepEqual(JSON.parse(stdout), { small: 'ü', large: 100_000, own });
    assert.deepEqual(handshakes.map(({ url: path, headers }) => [path, headers.authorization, headers['sec-websocket-protocol']]), [
      ['/ws', 'Bearer token-1', 'streamer.v1'],
      ['/ws', 'Bearer token-2', 'streamer.v1'],
    ]);
  });
}
