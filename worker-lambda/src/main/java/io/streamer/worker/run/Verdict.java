package io.streamer.worker.run;

import io.streamer.handler.Failure;
import io.streamer.shared.action.BoundedRun;
import io.streamer.shared.action.Definition;
import io.streamer.shared.action.RetryPolicy;
import io.streamer.shared.action.RetryPolicy.Cause;
import io.streamer.shared.hold.Ending;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.log.Abridged;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a job by the way its handler ended. */
final class Verdict {
  private static final Logger log = LoggerFactory.getLogger(Verdict.class);

  private Verdict() {}

  /** Judges; whatever was not meant for the client goes to the log under its error_id. */
  static Ending of(Job job, Definition definition, End end, long now, RandomGenerator random) {
    return switch (end) {
      case End.Returned(var result) -> new Ending.Ends(new Outcome.Succeeded(result));
      case End.Threw(var thrown) when BoundedRun.isOutOfTime(thrown) -> new Ending.HandedOn();
      case End.OutOfTime _ -> new Ending.HandedOn();
      case End.Cancelled _ -> new Ending.Stops();
      case End.Overdue _ -> new Ending.Expires();
      case End.Threw(Unbound unbound) ->
          elsewhere(job, Problem.invalid(unbound.fields()), now, random);
      case End.Threw _, End.TimedOut _ ->
          definition
              .retry()
              .next(cause(end), job.attempt(), definition.attempts(), random)
              .<Ending>map(wait -> again(job, end, wait))
              .orElseGet(() -> new Ending.Ends(failed(job, end)));
    };
  }

  /** There is no handler here. */
  static Ending unknownAction(Job job, long now, RandomGenerator random) {
    return elsewhere(
        job,
        Problem.of(ErrorCode.INVALID_ACTION, "no handler for the action " + job.action()),
        now,
        random);
  }

  /** It cannot run here, and may elsewhere: while a deploy rolls workers are of two versions. */
  private static Ending elsewhere(Job job, Problem problem, long now, RandomGenerator random) {
    var since = job.terms().notBefore().orElse(job.createdAt());
    return RetryPolicy.otherVersion(since, now, random)
        .<Ending>map(wait -> {
          job.about()
              .in(log.atWarn())
              .log("job {}: it waits for another worker: {}", job.id(), problem.code());
          return new Ending.TriedAgain(wait, false);
        })
        .orElseGet(() -> new Ending.Ends(new Outcome.Failed(problem)));
  }

  private static Ending again(Job job, End end, Duration wait) {
    var id = job.id();
    switch (end) {
      case End.Threw(Failure failure) ->
          job.about()
              .in(log.atInfo())
              .log("job {}: attempt {}: {}", id, job.attempt(), Abridged.text(failure.reason()));
      case End.Threw(var thrown) ->
          job.about()
              .in(log.atWarn())
              .setCause(Abridged.of(thrown))
              .log("job {}: attempt {} failed and is not the last", id, job.attempt());
      case End _ ->
          job.about().in(log.atInfo()).log("job {}: attempt {} took too long", id, job.attempt());
    }
    return new Ending.TriedAgain(wait, true);
  }

  /** Whether it may go better next time. */
  private static Cause cause(End end) {
    return end instanceof End.Threw(var thrown)
        ? Cause.of(thrown)
        : new Cause.Passing(Optional.empty());
  }

  private static Outcome.Failed failed(Job job, End end) {
    return switch (end) {
      case End.TimedOut(var after) ->
          new Outcome.Failed(
              Problem.of(ErrorCode.TIMEOUT, "not done after " + seconds(after.toMillis())));
      case End.Threw(Failure failure) -> Outcome.Failed.of(failure);
      case End.Threw(var thrown) -> new Outcome.Failed(unexpected(job, thrown));
      case End other -> throw new IllegalArgumentException(other + " is no problem");
    };
  }

  private static Problem unexpected(Job job, Throwable thrown) {
    var errorId = UUID.randomUUID().toString();
    job.about()
        .in(log.atError())
        .setCause(Abridged.of(thrown))
        .log("job {}: the handler failed, error_id {}", job.id(), errorId);
    return Problem.of(ErrorCode.PROCESSING_FAILED, "the handler failed").with("error_id", errorId);
  }

  private static String seconds(long ms) {
    return ms % 1000 == 0 ? ms / 1000 + " s" : ms + " ms";
  }
}
