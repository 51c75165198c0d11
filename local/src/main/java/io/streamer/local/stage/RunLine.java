package io.streamer.local.stage;

import io.streamer.shared.job.Job;
import io.streamer.shared.protocol.Problem;
import io.streamer.worker.run.RunUpdate;
import java.util.Optional;

/** What a worker does with a job, in a line of the stage's log. */
public final class RunLine {
  private RunLine() {}

  /** Empty for what another line says. */
  public static Optional<String> of(RunUpdate update) {
    return switch (update) {
      case RunUpdate.Started(var job) -> line(job, "runs, attempt " + job.attempt());
      case RunUpdate.Progressed(var job, var report) ->
          line(job, "%.0f %% %s".formatted(report.percentage(), report.message()).strip());
      case RunUpdate.Left(var job) -> line(job, left(job));
      // how the worker leaves the job says it
      case RunUpdate.AttemptFailed _ -> Optional.empty();
    };
  }

  private static Optional<String> line(Job job, String what) {
    return Optional.of(job.action() + " " + job.requestId() + " " + what);
  }

  private static String left(Job job) {
    return switch (job.status()) {
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed: " + job.error().map(Problem::line).orElse("");
      case CANCELLED -> "cancelled";
      case TIMED_OUT -> "failed: its deadline has passed";
      case RETRYING -> "is tried again";
      case QUEUED -> "goes on in another invocation";
      case WAITING, RUNNING -> "is " + job.status().wire();
    };
  }
}
