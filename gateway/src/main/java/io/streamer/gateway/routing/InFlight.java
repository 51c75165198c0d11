package io.streamer.gateway.routing;

import java.util.concurrent.atomic.LongAdder;

/** How many of something are under way. Threads that count do not meet. Safe for all threads. */
final class InFlight {
  private final LongAdder begun = new LongAdder();
  private final LongAdder ended = new LongAdder();

  void begin() {
    begun.increment();
  }

  void end() {
    ended.increment();
  }

  /** About how many are under way at this moment. */
  int count() {
    long over = ended.sum();
    return (int) (begun.sum() - over);
  }

  /** Whether there was a moment, during this look, when none was under way. */
  boolean isZero() {
    // both only rise: what ends while this looks makes the first number too low, not too high
    long over = ended.sum();
    return over == begun.sum();
  }
}
