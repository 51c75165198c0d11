package io.streamer.worker.run;

import io.streamer.shared.action.Definition;
import io.streamer.shared.hold.Ending;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.Outcome;
import io.streamer.worker.time.InvocationTime;
import io.streamer.worker.time.Time;
import io.streamer.worker.time.Wakeup;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Follows a handler from its start to what becomes of its job, on the runner's thread. */
final class Attempt {
  private final Job job;
  private final Definition definition;
  private final JobRun run;
  private final HandlerThread handler;
  private final Handoff handoff;
  private final Outbox outbox;
  private final Deadlines deadlines;
  private final Wakeup bell;
  private final Time time;
  private final RandomGenerator random;
  private final Consumer<FailedAttempt> failures;
  private boolean gaveWay = true;

  Attempt(
      Job job,
      Definition definition,
      JobRun run,
      HandlerThread handler,
      Handoff handoff,
      Outbox outbox,
      Deadlines deadlines,
      Wakeup bell,
      Time time,
      RandomGenerator random,
      Consumer<FailedAttempt> failures) {
    this.job = job;
    this.definition = definition;
    this.run = run;
    this.handler = handler;
    this.handoff = handoff;
    this.outbox = outbox;
    this.deadlines = deadlines;
    this.bell = bell;
    this.time = time;
    this.random = random;
    this.failures = failures;
  }

  /** Returns when the job has ended, is left to another invocation, or is somebody else's. */
  JobRunner.Ended follow(InvocationTime invocation) throws InterruptedException {
    @Nullable Ending verdict = null;
    while (true) {
      var look = handoff.take();
      // read behind the look: whatever was annotated before a report is there with it
      outbox.take(look, run.annotations());
      if (verdict == null) {
        var end = end(look, invocation.graceMs());
        // an interrupt at the invocation's end is none of the handler's failures
        end.filter(it -> !outbox.journal().outOfTime())
            .flatMap(it -> FailedAttempt.of(job.id(), job.attempt(), it))
            .ifPresent(failures);
        verdict = end.map(this::verdict).orElse(null);
      }
      if (verdict != null) {
        var last = last(verdict, invocation);
        if (last.isPresent()) {
          outbox.end(last.get(), invocation.tellUntil());
          return ended();
        }
      }
      if (!outbox.turn()) {
        gaveWay = handler.stop(invocation.graceMs());
        return ended();
      }
      if (outbox.cancelled() || (verdict != null && outbox.drained())) {
        continue;
      }
      handoff.listen(!outbox.pending());
      var until = verdict == null ? deadlines.at() : waitsUntil(invocation);
      time.await(bell, Math.min(until, outbox.nextTurn()));
    }
  }

  /** How long events may take to reach the store once the handler has ended. */
  private long waitsUntil(InvocationTime invocation) {
    return Math.min(invocation.handlerEndsAt(), deadlines.jobAt());
  }

  private JobRunner.Ended ended() {
    return gaveWay ? JobRunner.Ended.ORDERLY : JobRunner.Ended.ABANDONED;
  }

  /** How the handler's call has ended, by itself or because it was stopped here. */
  private Optional<End> end(Handoff.Look look, long graceMs) throws InterruptedException {
    if (look.end() != null) {
      // whatever a handler does that was to stop at its checkpoint, another goes on from there
      return Optional.of(outbox.journal().outOfTime() ? new End.OutOfTime() : look.end());
    }
    if (outbox.cancelled()) {
      run.cancel();
      gaveWay = handler.stop(graceMs);
      return Optional.of(new End.Cancelled());
    }
    var up = deadlines.end(time.millis(), outbox.journal().checkpointed());
    if (up.isPresent()) {
      gaveWay = handler.stop(graceMs);
    }
    return up;
  }

  private Ending verdict(End end) {
    return Verdict.of(job, definition, end, time.millis(), random);
  }

  /** What becomes of the job; empty while events are still to be stored before that. */
  private Optional<Ending> last(Ending verdict, InvocationTime invocation) {
    if (outbox.cancelled()) {
      return Optional.of(new Ending.Stops());
    }
    if (!(verdict instanceof Ending.Ends(var outcome)) || outbox.drained()) {
      return Optional.of(verdict);
    }
    var now = time.millis();
    if (now < waitsUntil(invocation)) {
      return Optional.empty();
    }
    if (now >= deadlines.jobAt()) {
      return Optional.of(verdict(new End.Overdue()));
    }
    return Optional.of(
        switch (outcome) {
          // a success whose events are not all there is none
          case Outcome.Succeeded _ ->
              verdict(new End.TimedOut(Duration.ofMillis(now - deadlines.begunAt())));
          case Outcome.Failed _ -> verdict;
        });
  }
}
