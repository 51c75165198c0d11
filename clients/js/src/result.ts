import { failure, StreamerError } from './error.js';
import type { Json } from './frames.js';

const TRIES = 3;

/**
 * Fetches a large result: without a token, and no more than so many bytes.
 *
 * @param fresh asks for a new address where the old one is refused
 */
export async function fetchResult(
  url: string,
  mostBytes: number,
  json: Json,
  of: { requestId?: string; jobId?: string },
  fresh: () => Promise<string | undefined>,
): Promise<unknown> {
  const cannot = (code: 'RESULT_TOO_LARGE' | 'RESULT_UNAVAILABLE', message: string, cause?: unknown) =>
    new StreamerError(
      failure(code, message, { retryable: code === 'RESULT_UNAVAILABLE', details: { result_url: url } }),
      { ...of, cause },
    );
  let why: unknown = 'no answer';
  for (let tried = 0; tried < TRIES; tried++) {
    let body: Uint8Array | undefined;
    try {
      const answer = await fetch(url, { credentials: 'omit' });
      if (answer.ok) {
        body = await read(answer, mostBytes);
      } else {
        why = `it answers ${answer.status}`;
        await answer.body?.cancel();
      }
    } catch (e) {
      why = e;
    }
    if (body && body.length <= mostBytes) {
      try {
        return json.parse(new TextDecoder().decode(body));
      } catch (e) {
        throw cannot('RESULT_UNAVAILABLE', 'the result is not JSON', e);
      }
    }
    if (body) {
      throw cannot('RESULT_TOO_LARGE', `the result has more than ${mostBytes} bytes`);
    }
    if (tried < TRIES - 1) {
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** tried * Math.random()));
      url = (await fresh().catch(() => undefined)) ?? url;
    }
  }
  throw cannot('RESULT_UNAVAILABLE', `the result cannot be fetched: ${String(why)}`, why);
}

/** The body, or at least a byte more than is wanted of one that is too long. */
async function read(answer: Response, most: number): Promise<Uint8Array> {
  const reader = answer.body!.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length <= most) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    parts.push(value);
    length += value.length;
  }
  if (length > most) {
    await reader.cancel();
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}
