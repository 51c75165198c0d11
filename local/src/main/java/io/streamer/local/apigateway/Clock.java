package io.streamer.local.apigateway;

import io.vertx.core.Vertx;

/** Time as the emulator sees it: hours of limits are tried in milliseconds by another clock. */
public interface Clock {
  /** Now, in epoch milliseconds. */
  long millis();

  /** Runs {@code task} once, {@code delayMs} milliseconds from now, on any thread. */
  Timer schedule(long delayMs, Runnable task);

  /** A task that waits for its time. */
  interface Timer {
    /** Forgets the task; without effect once it runs. */
    void cancel();
  }

  /** The wall clock, with Vert.x's timers. */
  static Clock wall(Vertx vertx) {
    return new Clock() {
      @Override
      public long millis() {
        return System.currentTimeMillis();
      }

      @Override
      public Timer schedule(long delayMs, Runnable task) {
        long id = vertx.setTimer(Math.max(1, delayMs), _ -> task.run());
        return () -> vertx.cancelTimer(id);
      }
    };
  }
}
