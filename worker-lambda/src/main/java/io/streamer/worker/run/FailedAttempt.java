package io.streamer.worker.run;

import io.streamer.shared.job.JobId;
import java.util.Optional;

/**
 * An attempt that did not succeed, whether or not another follows.
 *
 * @param what went wrong, in a line
 * @param thrown by the handler; empty if its time was up
 */
public record FailedAttempt(JobId job, int attempt, String what, Optional<Throwable> thrown) {
  /** What an end comes to; empty if it is no failure of the handler's. */
  static Optional<FailedAttempt> of(JobId job, int attempt, End end) {
    return switch (end) {
      case End.Threw(var thrown) ->
          Optional.of(new FailedAttempt(job, attempt, String.valueOf(thrown), Optional.of(thrown)));
      case End.TimedOut(var after) ->
          Optional.of(
              new FailedAttempt(
                  job, attempt, "not done after " + after.toMillis() + " ms", Optional.empty()));
      case End.Returned _, End.OutOfTime _, End.Cancelled _, End.Overdue _ -> Optional.empty();
    };
  }
}
