package io.streamer.emulator.integration;

import io.streamer.emulator.aws.Timekeeper;
import io.vertx.core.Context;

/** A clock whose tasks run on the event loop that owns the emulator's state. */
public record Timers(Timekeeper clock, Context context) {
  public long millis() {
    return clock.now().toEpochMilli();
  }

  public Timekeeper.Timer after(long delayMs, Runnable task) {
    return clock.at(clock.now().plusMillis(delayMs), () -> context.runOnContext(_ -> task.run()));
  }
}
