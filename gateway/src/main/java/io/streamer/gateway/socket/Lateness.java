package io.streamer.gateway.socket;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How late an event loop is with what it has to do, by a timer that is to fire ten times a second.
 * What counts is an average in which the last two seconds weigh most: one pause, such as a
 * collector's, is no reason to send anybody away. The event loop owns it.
 */
final class Lateness {
  static final long EVERY_MS = 100;

  private static final double MEMORY_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Times what is too late: however long it was, it is forgotten within three seconds. */
  private static final int MOST_COUNTED = 4;

  private final LongSupplier nanoTime;
  private final long most;
  private long firedAt;
  private double average;

  /**
   * On time.
   *
   * @param most how late is too late
   */
  Lateness(Duration most, LongSupplier nanoTime) {
    this.most = most.toNanos();
    this.nanoTime = nanoTime;
    this.firedAt = nanoTime.getAsLong();
  }

  /** The timer has fired. */
  void fired() {
    long now = nanoTime.getAsLong();
    average = average(now);
    firedAt = now;
  }

  /** Whether the loop is too late to be given more. */
  boolean isTooMuch() {
    // who asks may come before a timer that should have fired long ago
    return average(nanoTime.getAsLong()) > most;
  }

  private double average(long now) {
    long passed = now - firedAt;
    long late = passed - TimeUnit.MILLISECONDS.toNanos(EVERY_MS);
    if (late < 0) {
      return average;
    }
    double weight = Math.exp(-passed / MEMORY_NANOS);
    return weight * average + (1 - weight) * Math.min(late, MOST_COUNTED * most);
  }
}
