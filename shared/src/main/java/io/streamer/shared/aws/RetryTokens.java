package io.streamer.shared.aws;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a client may still ask a second time, as the SDK counts it: while nothing succeeds, a
 * hundred retries are all. Safe for all threads.
 */
public final class RetryTokens {
  private static final int MOST = 500;
  private static final int OF_A_RETRY = 5;

  private final AtomicInteger left = new AtomicInteger(MOST);

  /** Whether there is one for another try, which is taken then. */
  boolean take() {
    int before = left.getAndUpdate(n -> n >= OF_A_RETRY ? n - OF_A_RETRY : n);
    return before >= OF_A_RETRY;
  }

  /** A call has succeeded; with its retry, what that took comes back. */
  void succeeded(boolean retried) {
    // most of the time it is full: no write that all threads would wait for
    if (left.get() < MOST) {
      left.getAndUpdate(n -> Math.min(MOST, n + (retried ? OF_A_RETRY : 1)));
    }
  }
}
