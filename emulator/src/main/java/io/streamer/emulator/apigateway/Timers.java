package io.streamer.emulator.apigateway;

import io.streamer.emulator.aws.Timekeeper;
import io.vertx.core.Context;

/** A clock whose tasks run on the event loop that owns the emulator's state. */
record Timers(Timekeeper clock, Context context) {
  long millis() {
    return clock.now().toEpochMilli();
  }

  Timekeeper.Timer after(long delayMs, Runnable task) {
    return clock.at(clock.now().plusMillis(delayMs), () -> context.runOnContext(_ -> task.run()));
  }
}
