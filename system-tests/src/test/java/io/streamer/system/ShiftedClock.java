package io.streamer.system;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's time, and as much later as a test says. */
final class ShiftedClock implements InstantSource {
  private final AtomicLong aheadMs = new AtomicLong();

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(System.currentTimeMillis() + aheadMs.get());
  }

  void advance(Duration by) {
    aheadMs.addAndGet(by.toMillis());
  }
}
