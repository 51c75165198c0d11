/** A WebSocket constructor: the platform's, or that of the package `ws`. */
export type WebSocketConstructor = new (url: string, ...rest: any[]) => any;

export interface Socket {
  /** Whether it sends a message in several frames: browsers offer no way. */
  splits: boolean;
  /** @param frameBytes what a frame holds at most */
  send(text: string, frameBytes?: number): void;
  close(code?: number): void;
}

export interface SocketEvents {
  opened(): void;
  text(data: string): void;
  /** Once; 1006 without a close frame, with the status of a refused handshake where it is known. */
  closed(code: number, reason: string, status?: number): void;
}

// API Gateway takes no larger frame
const FRAME_BYTES = 32 * 1024;

declare const process: { versions?: { node?: string } } | undefined;

const canSetHeaders = (): boolean =>
  typeof document === 'undefined' && typeof process === 'object' && !!process.versions?.node;

/** Opens a socket. The token goes into a header where that is possible, else into a subprotocol. */
export async function openSocket(
  url: string,
  token: string,
  given: WebSocketConstructor | undefined,
  on: SocketEvents,
): Promise<Socket> {
  const own = globalThis.WebSocket as WebSocketConstructor | undefined;
  const make = given ?? own ?? (await packageWs());
  const headers = { Authorization: `Bearer ${token}` };
  const socket = !canSetHeaders()
    ? new make(url, ['streamer.v1', `bearer.${base64url(token)}`])
    : make === own
      ? new make(url, { protocols: ['streamer.v1'], headers })
      : new make(url, ['streamer.v1'], { headers });
  let over = false;
  let status: number | undefined;
  const end = (code: number, reason: string) => {
    if (!over) {
      over = true;
      on.closed(code, reason, status);
    }
  };
  socket.onopen = () => on.opened();
  socket.onmessage = (event: { data: unknown }) => over || on.text(String(event.data));
  socket.onerror = (event: { message?: string }) => {
    status = Number(/server response: (\d{3})/.exec(event.message ?? '')?.[1]) || undefined;
    // some platforms tell of a refused handshake by this event alone
    setTimeout(() => end(1006, 'no connection'), 0);
  };
  socket.onclose = ({ code, reason }: { code: number; reason?: string }) =>
    end(code, reason || (status ? `refused with ${status}` : ''));
  const splits = typeof socket.terminate === 'function';
  return {
    splits,
    send: (text, frameBytes = FRAME_BYTES) => {
      if (!splits || text.length * 3 <= frameBytes) {
        socket.send(text);
        return;
      }
      const bytes = new TextEncoder().encode(text);
      for (let from = 0; from < bytes.length; from += frameBytes) {
        socket.send(bytes.subarray(from, from + frameBytes), { binary: false, fin: from + frameBytes >= bytes.length });
      }
    },
    close: (code = 1000) => {
      over = true;
      socket.close(code);
    },
  };
}

async function packageWs(): Promise<WebSocketConstructor> {
  // by a name that bundlers for browsers do not follow
  const name = 'ws';
  const found = await import(/* webpackIgnore: true */ /* @vite-ignore */ name);
  return found.WebSocket ?? found.default;
}

function base64url(token: string): string {
  return btoa(token).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
