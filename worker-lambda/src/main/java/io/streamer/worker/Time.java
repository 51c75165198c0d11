package io.streamer.worker;

import java.time.Instant;
import java.time.InstantSource;

/** The time and the waiting for it, so that a test can be the one that lets it pass. */
public interface Time extends InstantSource {

  /** The machine's clock. */
  Time SYSTEM =
      new Time() {
        @Override
        public Instant instant() {
          return Instant.now();
        }

        @Override
        public void await(Bell bell, long untilMs) throws InterruptedException {
          bell.await(untilMs - millis());
        }
      };

  /**
   * Waits until the bell rings or the time has come; may also come back before.
   *
   * @param untilMs epoch milliseconds
   */
  void await(Bell bell, long untilMs) throws InterruptedException;
}
