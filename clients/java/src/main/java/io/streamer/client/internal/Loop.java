package io.streamer.client.internal;

import java.time.Instant;

/** The one thread on which a client's state changes, and its time. */
public interface Loop {
  /** Milliseconds that only grow. */
  long millis();

  Instant now();

  /** Runs a task behind those that wait already. */
  void run(Runnable task);

  Timer after(long millis, Runnable task);

  /** Whether the caller is on it. */
  boolean here();

  /** A task that waits for its time. */
  interface Timer {
    Timer NONE = () -> {};

    void cancel();
  }
}
