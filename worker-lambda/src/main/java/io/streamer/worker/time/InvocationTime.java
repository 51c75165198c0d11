package io.streamer.worker.time;

import java.time.Duration;

/**
 * The time that one call of the function has, epoch ms.
 *
 * @param reserveMs kept back of it to stop the handler, and to store and tell the outcome
 */
public record InvocationTime(long endsAt, long reserveMs) {
  private static final long MOST_RESERVE_MS = 10_000;

  /** What is cut off while it tells leaves a push half sent. */
  private static final long MARGIN_MS = 500;

  public static InvocationTime of(long begunAt, Duration remaining) {
    // a function set to a few seconds still leaves its handlers half of them
    return new InvocationTime(
        begunAt + remaining.toMillis(), Math.min(MOST_RESERVE_MS, remaining.toMillis() / 2));
  }

  /** When a handler has to give way. */
  public long handlerEndsAt() {
    return endsAt - reserveMs;
  }

  /** How long a handler may take to answer its interrupt; the rest is for its outcome. */
  public long graceMs() {
    return reserveMs / 2;
  }

  /** When the telling of an outcome is left to others. */
  public long tellUntil() {
    return endsAt - MARGIN_MS;
  }
}
