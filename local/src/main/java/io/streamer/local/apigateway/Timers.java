package io.streamer.local.apigateway;

import io.vertx.core.Context;

/** A clock whose tasks run on the event loop that owns the emulator's state. */
record Timers(Clock clock, Context context) {
  long millis() {
    return clock.millis();
  }

  Clock.Timer after(long delayMs, Runnable task) {
    return clock.schedule(delayMs, () -> context.runOnContext(_ -> task.run()));
  }
}
