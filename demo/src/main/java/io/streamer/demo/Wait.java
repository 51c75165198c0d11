package io.streamer.demo;

import java.time.Duration;

/** How a handler passes time. */
@FunctionalInterface
interface Wait {
  void pass(Duration time) throws InterruptedException;
}
