const LONGEST_MS = 30_000;

/**
 * Whether and how a client comes back: at once; after a random time up to half a second or a whole
 * one, doubling; after at least a second; with a new token; or not at all.
 */
export type Comeback = 'now' | 'jitter' | 'restart' | 'slow' | 'token' | 'never';

const BY_CODE: Record<number, Comeback> = {
  1000: 'never',
  1001: 'now',
  1002: 'never',
  1003: 'never',
  1007: 'never',
  1009: 'never',
  1012: 'restart',
  1013: 'slow',
  4401: 'token',
  4403: 'never',
  4408: 'now',
  4429: 'slow',
  4503: 'never',
};

const BY_STATUS: Record<number, Comeback> = { 401: 'token', 403: 'never', 429: 'slow', 503: 'slow' };

/** @param status of a refused handshake, where the platform tells it */
export function comeback(code: number, status?: number): Comeback {
  return (status ? BY_STATUS[status] : BY_CODE[code]) ?? 'jitter';
}

/** Milliseconds to wait before the next try, behind so many that led to no lasting connection. */
export function delay(how: Comeback, tries: number): number {
  if ((how === 'now' || how === 'token') && tries === 0) {
    return 0;
  }
  const least = how === 'slow' ? 1_000 : 0;
  const first = how === 'slow' ? 2_000 : how === 'restart' ? 1_000 : 500;
  return least + Math.random() * (Math.min(LONGEST_MS, first * 2 ** tries) - least);
}
