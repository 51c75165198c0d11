package io.streamer.local.stream;

import java.util.concurrent.atomic.AtomicInteger;

/** What a test lets go wrong between stream and function. */
public final class Faults {
  private final AtomicInteger lost = new AtomicInteger();

  Faults() {}

  /**
   * The next {@code count} answers of the function do not arrive: their batches are given again,
   * which is how a function comes to see a record twice.
   */
  public void loseAnswers(int count) {
    lost.addAndGet(count);
  }

  boolean losesAnswer() {
    return lost.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }
}
