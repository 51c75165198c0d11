package io.streamer.worker.run;

import io.streamer.shared.action.Thrown;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Reports.Report;
import java.util.Optional;

/** What happens to a job on a worker, for who follows the worker and not the job. */
public sealed interface RunUpdate {
  /** The handler is called. */
  record Started(Job job) implements RunUpdate {}

  /** A report is on its way to whoever watches the job. */
  record Progressed(Job job, Report report) implements RunUpdate {}

  /**
   * An attempt did not succeed, whether or not another follows.
   *
   * @param what went wrong, in a line
   * @param thrown by the handler; empty if its time was up
   */
  record AttemptFailed(JobId job, int attempt, String what, Optional<Throwable> thrown)
      implements RunUpdate {
    /** What an end comes to; empty if it is no failure of the handler's. */
    static Optional<AttemptFailed> of(JobId job, int attempt, End end) {
      return switch (end) {
        case End.Threw(var thrown) ->
            // a class of the handler's may fail at saying what it is: that ends no run
            Optional.of(new AttemptFailed(job, attempt, Thrown.told(thrown), Optional.of(thrown)));
        case End.TimedOut(var after) ->
            Optional.of(
                new AttemptFailed(
                    job, attempt, "not done after " + after.toMillis() + " ms", Optional.empty()));
        case End.Returned _, End.OutOfTime _, End.Cancelled _, End.Overdue _ -> Optional.empty();
      };
    }
  }

  /**
   * The worker is done with the job.
   *
   * @param job as it is stored: ended, or waiting for another attempt or invocation
   */
  record Left(Job job) implements RunUpdate {}
}
