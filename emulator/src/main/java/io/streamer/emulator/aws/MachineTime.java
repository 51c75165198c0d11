package io.streamer.emulator.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The machine's clock; one thread for all timers of the process. */
final class MachineTime implements Timekeeper {
  static final MachineTime INSTANCE = new MachineTime();

  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("local-timers").factory());

  private MachineTime() {
    timers.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public Timer at(Instant when, Runnable task) {
    var delay = Math.max(0, Duration.between(now(), when).toNanos());
    var scheduled = timers.schedule(task, delay, TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }
}
