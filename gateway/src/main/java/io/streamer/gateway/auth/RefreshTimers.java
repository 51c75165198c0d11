package io.streamer.gateway.auth;

import io.vertx.core.Vertx;
import java.time.Duration;

/** Calls back later; tests decide when that is. */
@FunctionalInterface
interface RefreshTimers {

  /** Runs the task once after the delay, unless what it returns is run before. */
  Runnable after(Duration delay, Runnable task);

  static RefreshTimers of(Vertx vertx) {
    return (delay, task) -> {
      long timer = vertx.setTimer(Math.max(1, delay.toMillis()), _ -> task.run());
      return () -> vertx.cancelTimer(timer);
    };
  }
}
