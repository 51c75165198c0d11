package io.streamer.shared.hold;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Time that passes evenly. */
public final class Steady {
  private Steady() {}

  /**
   * Begins at a clock's time, and passes evenly whatever that is set to meanwhile.
   *
   * @param nanoTime as {@link System#nanoTime} does
   */
  public static InstantSource of(InstantSource clock, LongSupplier nanoTime) {
    var from = clock.instant();
    long since = nanoTime.getAsLong();
    return () -> from.plusNanos(nanoTime.getAsLong() - since);
  }
}
