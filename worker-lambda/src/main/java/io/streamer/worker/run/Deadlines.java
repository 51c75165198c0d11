package io.streamer.worker.run;

import java.time.Duration;
import java.util.Optional;

/**
 * When a handler's time is up, epoch ms.
 *
 * @param attemptAt by its action's timeout, which counts anew in each invocation
 * @param invocationAt by the invocation's, less what is kept back
 * @param jobAt by the job's own deadline; Long.MAX_VALUE without one
 */
record Deadlines(long begunAt, long attemptAt, long invocationAt, long jobAt) {

  static Deadlines of(
      long begunAt, Duration timeout, long invocationAt, Optional<Long> deadlineAt) {
    return new Deadlines(
        begunAt, begunAt + timeout.toMillis(), invocationAt, deadlineAt.orElse(Long.MAX_VALUE));
  }

  /** The first of them. */
  long at() {
    return Math.min(Math.min(attemptAt, invocationAt), jobAt);
  }

  /**
   * How a handler's call ends because of them at this time.
   *
   * @param checkpointed whether another invocation can go on
   */
  Optional<End> end(long now, boolean checkpointed) {
    if (now < at()) {
      return Optional.empty();
    }
    if (now >= jobAt) {
      return Optional.of(new End.Overdue());
    }
    return Optional.of(
        invocationAt < attemptAt && checkpointed
            ? new End.OutOfTime()
            : new End.TimedOut(Duration.ofMillis(at() - begunAt)));
  }
}
