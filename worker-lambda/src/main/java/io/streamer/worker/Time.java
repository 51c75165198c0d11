package io.streamer.worker;

import java.time.Instant;
import java.time.InstantSource;

/** The time and the waiting for it, so that a test can be the one that lets it pass. */
public interface Time extends InstantSource {

  /** The machine's clock. */
  Time SYSTEM = of(InstantSource.system());

  /** Another clock's time, which passes as fast as the machine's: its steps end no wait. */
  static Time of(InstantSource clock) {
    return new Time() {
      @Override
      public Instant instant() {
        return clock.instant();
      }

      @Override
      public void await(Bell bell, long untilMs) throws InterruptedException {
        var now = millis();
        // a time long past, as at once is written, would be too far away to be counted
        bell.await(untilMs <= now ? 0 : untilMs - now);
      }
    };
  }

  /**
   * Waits until the bell rings or the time has come; may also come back before.
   *
   * @param untilMs epoch milliseconds
   */
  void await(Bell bell, long untilMs) throws InterruptedException;
}
