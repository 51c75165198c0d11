package io.streamer.shared.time;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A process's two clocks.
 *
 * @param clock the time of day, which may be set at any time; what other machines read is written
 *     by it
 * @param nanoTime passes evenly whatever the other is set to, as {@link System#nanoTime} does
 */
public record Clocks(InstantSource clock, LongSupplier nanoTime) {

  /** A time of day, beside the machine's even one. */
  public static Clocks of(InstantSource clock) {
    return new Clocks(clock, System::nanoTime);
  }

  /** Begins at the time of day and passes evenly from now on. */
  public InstantSource steady() {
    var from = clock.instant();
    long since = nanoTime.getAsLong();
    return () -> from.plusNanos(nanoTime.getAsLong() - since);
  }
}
