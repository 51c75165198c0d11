package io.streamer.gateway.socket;

import java.util.concurrent.TimeUnit;

/**
 * How often something may happen: so many times a second, and ten seconds' worth at once. Not
 * thread-safe.
 */
final class Throttle {
  private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final long each;

  // when all that happened would be due, had it kept to the rate
  private long due;

  /**
   * A throttle of which nothing is used.
   *
   * @param now by {@link System#nanoTime}, as always here
   */
  Throttle(int aSecond, long now) {
    this.each = TimeUnit.SECONDS.toNanos(1) / aSecond;
    this.due = now;
  }

  /** Whether it may happen once more. */
  boolean allows(long now) {
    long ahead = Math.max(0, due - now);
    if (ahead + each > BURST_NANOS) {
      return false;
    }
    due = now + ahead + each;
    return true;
  }
}
