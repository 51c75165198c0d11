package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;

/**
 * A promised time, on a machine that may be busy: that holds up one of a few attempts, while a wait
 * of the code's own holds up all of them.
 */
final class Promptness {
  private static final int ATTEMPTS = 4;

  private Promptness() {}

  /**
   * Fails unless an attempt is as quick as that; none follows one that is.
   *
   * @param attempt makes its preparations and says how long it took from then on
   */
  static void within(Duration promised, Callable<Duration> attempt) throws Exception {
    var took = new ArrayList<Duration>();
    do {
      took.add(attempt.call());
    } while (took.size() < ATTEMPTS && took.getLast().compareTo(promised) > 0);
    assertThat(took.getLast()).as("of %s", took).isLessThanOrEqualTo(promised);
  }

  /** How long the work takes. */
  static Duration of(Runnable work) {
    long begun = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - begun);
  }
}
