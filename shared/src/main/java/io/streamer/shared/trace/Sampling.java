package io.streamer.shared.trace;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Which of the requests without a trace are recorded: a part of them. One a second is recorded
 * whatever the part is, so that where little comes in nothing is missed; and no more than {@link
 * #MOST}, so that what a trace costs is bounded and its spans find room among those that wait to be
 * sent. Safe for many threads.
 */
final class Sampling {
  /** Within a second. */
  static final int MOST = 1_000;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final double ratio;
  private final LongSupplier nanoTime;
  private final AtomicLong began;
  private final AtomicInteger chosen = new AtomicInteger();

  /**
   * For a process.
   *
   * @param ratio 0 to 1; 0 records none at all
   * @param nanoTime as {@link System#nanoTime}
   */
  Sampling(double ratio, LongSupplier nanoTime) {
    this.ratio = ratio;
    this.nanoTime = nanoTime;
    this.began = new AtomicLong(nanoTime.getAsLong() - SECOND);
  }

  /** Whether this one is recorded. */
  boolean chooses() {
    if (ratio == 0) {
      return false;
    }
    long now = nanoTime.getAsLong();
    long since = began.get();
    if (now - since >= SECOND && began.compareAndSet(since, now)) {
      chosen.set(1);
      return true;
    }
    return ThreadLocalRandom.current().nextDouble() < ratio
        && chosen.get() < MOST
        && chosen.incrementAndGet() <= MOST;
  }
}
