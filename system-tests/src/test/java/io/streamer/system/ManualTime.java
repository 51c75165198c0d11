package io.streamer.system;

import io.streamer.worker.time.Time;
import io.streamer.worker.time.Wakeup;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when a test says so. */
final class ManualTime implements Time {
  private final AtomicLong now;
  private final Set<Wakeup> bells = ConcurrentHashMap.newKeySet();

  ManualTime(long startMs) {
    now = new AtomicLong(startMs);
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(now.get());
  }

  @Override
  public void await(Wakeup bell, long untilMs) throws InterruptedException {
    // known before the clock is read: whoever advances it afterwards rings
    bells.add(bell);
    if (millis() < untilMs) {
      bell.await(Long.MAX_VALUE);
    }
  }

  void advance(Duration by) {
    now.addAndGet(by.toMillis());
    bells.forEach(Wakeup::ring);
  }
}
