package io.streamer.worker.time;

import io.streamer.shared.time.Clocks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The time and the waiting for it, so that a test can be the one that lets it pass. */
public interface Time extends InstantSource {

  /** The machine's clock. */
  Time SYSTEM = of(InstantSource.system(), System::nanoTime);

  /** Another clock's time, which passes as fast as the machine's: its steps end no wait. */
  static Time of(InstantSource clock) {
    return new Time() {
      @Override
      public Instant instant() {
        return clock.instant();
      }

      @Override
      public void await(Wakeup bell, long untilMs) throws InterruptedException {
        var now = millis();
        // a time long past, as at once is written, would be too far away to be counted
        bell.await(untilMs <= now ? 0 : untilMs - now);
      }
    };
  }

  /**
   * A clock which may be set at any time, as a machine's may.
   *
   * @param nanoTime passes whatever the clock is set to, as {@link System#nanoTime} does
   */
  static Time of(InstantSource clock, LongSupplier nanoTime) {
    var set = of(clock);
    return new Time() {
      @Override
      public Instant instant() {
        return set.instant();
      }

      @Override
      public void await(Wakeup bell, long untilMs) throws InterruptedException {
        set.await(bell, untilMs);
      }

      @Override
      public Time steady() {
        return of(new Clocks(clock, nanoTime).steady());
      }
    };
  }

  /**
   * The time of one run, which is measured by it: begins at this one's, and passes evenly whatever
   * this one is set to meanwhile. What other machines read is written by this one.
   */
  default Time steady() {
    return this;
  }

  /**
   * Waits until the bell rings or the time has come; may also come back before.
   *
   * @param untilMs epoch milliseconds
   */
  void await(Wakeup bell, long untilMs) throws InterruptedException;

  /**
   * Waits until then.
   *
   * @param untilMs epoch milliseconds
   */
  default void pause(long untilMs) throws InterruptedException {
    var bell = new Wakeup();
    while (millis() < untilMs) {
      await(bell, untilMs);
    }
  }
}
