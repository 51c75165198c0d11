package io.streamer.gateway.connection;

import io.streamer.shared.time.Clocks;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongSupplier;

/**
 * When a socket was used, and when its client was heard; safe for all threads. How long ago that is
 * does not depend on the clock, which may be set.
 */
final class Pulse {
  /** Written with each frame: who looks may learn of it a moment later. */
  private static final AtomicLongFieldUpdater<Pulse> HEARD =
      AtomicLongFieldUpdater.newUpdater(Pulse.class, "heardNanos");

  private static final AtomicLongFieldUpdater<Pulse> USED =
      AtomicLongFieldUpdater.newUpdater(Pulse.class, "usedNanos");

  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final long heartbeatMs;
  private final long startedAt;
  private volatile long heardNanos;
  private volatile long usedNanos;
  private volatile Liveness noted = Liveness.CONNECTED;

  Pulse(Clocks clocks, long heartbeatMs) {
    this.clock = clocks.clock();
    this.nanoTime = clocks.nanoTime();
    this.heartbeatMs = heartbeatMs;
    this.startedAt = clock.millis();
    this.heardNanos = nanoTime.getAsLong();
    this.usedNanos = heardNanos;
  }

  /** The client gave a sign of life. */
  void heard() {
    HEARD.lazySet(this, nanoTime.getAsLong());
  }

  /** A frame goes one way or the other. */
  void used() {
    USED.lazySet(this, nanoTime.getAsLong());
  }

  /** A frame came from the client: both. */
  void seen() {
    long now = nanoTime.getAsLong();
    HEARD.lazySet(this, now);
    USED.lazySet(this, now);
  }

  long startedAt() {
    return startedAt;
  }

  /** When a frame last went either way; epoch milliseconds. */
  long usedAt() {
    return clock.millis() - msSince(usedNanos);
  }

  /** When the client last gave a sign of life; epoch milliseconds. */
  long heardAt() {
    return clock.millis() - msSince(heardNanos);
  }

  /** Whether the client gave no sign of life for so many heartbeats. */
  boolean isSilentFor(int heartbeats) {
    return msSince(heardNanos) > heartbeats * heartbeatMs;
  }

  Liveness state() {
    return Liveness.of(0, -msSince(usedNanos), -msSince(heardNanos), heartbeatMs);
  }

  /** Notes a state; whether it is another one than before. */
  boolean turned(Liveness to) {
    var from = noted;
    noted = to;
    return from != to;
  }

  private long msSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - nanos);
  }
}
