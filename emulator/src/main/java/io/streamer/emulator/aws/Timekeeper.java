package io.streamer.emulator.aws;

import java.time.Instant;

/** What waits for time does so here, so that hours can pass at once in a test. */
public interface Timekeeper {
  /** Something that will happen unless it is cancelled. */
  interface Timer {
    /** Does nothing if it has happened. */
    void cancel();
  }

  /** The time it is. */
  Instant now();

  /** Runs {@code task} once, at {@code when} or at once if that is past; it must not block. */
  Timer at(Instant when, Runnable task);

  /** The machine's clock. */
  static Timekeeper system() {
    return MachineTime.INSTANCE;
  }
}
