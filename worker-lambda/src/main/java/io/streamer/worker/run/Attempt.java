package io.streamer.worker.run;

import io.streamer.shared.hold.Ending;
import io.streamer.shared.job.Outcome;
import io.streamer.worker.time.InvocationTime;
import io.streamer.worker.time.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Follows a handler from its start to what becomes of its job, on the runner's thread. */
final class Attempt {
  private final HandlerThread handler;
  private final Outbox outbox;
  private final EmissionJournal journal;
  private final Deadlines deadlines;
  private final Function<End, Ending> verdict;
  private final Consumer<? super End> failures;
  private final Time time;
  private boolean gaveWay = true;

  /**
   * Begins.
   *
   * @param verdict what becomes of the job when its handler ends so
   * @param failures takes how the attempt ended, unless its invocation ended it
   */
  Attempt(
      HandlerThread handler,
      Outbox outbox,
      EmissionJournal journal,
      Deadlines deadlines,
      Function<End, Ending> verdict,
      Consumer<? super End> failures,
      Time time) {
    this.handler = handler;
    this.outbox = outbox;
    this.journal = journal;
    this.deadlines = deadlines;
    this.verdict = verdict;
    this.failures = failures;
    this.time = time;
  }

  /** Returns when the job has ended, is left to another invocation, or is somebody else's. */
  JobRunner.Ended follow(InvocationTime invocation) throws InterruptedException {
    @Nullable Ending found = null;
    while (true) {
      var look = handler.look();
      // read behind the look: whatever was annotated before a report is there with it
      outbox.take(look, handler.annotations());
      if (found == null) {
        var end = end(look, invocation.graceMs());
        // an interrupt at the invocation's end is none of the handler's failures
        if (!journal.outOfTime()) {
          end.ifPresent(failures);
        }
        found = end.map(verdict).orElse(null);
      }
      if (found != null) {
        var last = last(found, invocation);
        if (last.isPresent()) {
          outbox.end(last.get(), invocation.tellUntil());
          return ended();
        }
      }
      if (!outbox.turn()) {
        gaveWay = handler.stop(invocation.graceMs());
        return ended();
      }
      if (outbox.cancelled() || (found != null && outbox.drained())) {
        continue;
      }
      var until = found == null ? deadlines.at() : waitsUntil(invocation);
      handler.await(!outbox.pending(), Math.min(until, outbox.nextTurn()));
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
      return Optional.of(journal.outOfTime() ? new End.OutOfTime() : look.end());
    }
    if (outbox.cancelled()) {
      handler.cancel();
      gaveWay = handler.stop(graceMs);
      return Optional.of(new End.Cancelled());
    }
    var up = deadlines.end(time.millis(), journal.checkpointed());
    if (up.isPresent()) {
      gaveWay = handler.stop(graceMs);
    }
    return up;
  }

  /** What becomes of the job; empty while events are still to be stored before that. */
  private Optional<Ending> last(Ending found, InvocationTime invocation) {
    if (outbox.cancelled()) {
      return Optional.of(new Ending.Stops());
    }
    if (!(found instanceof Ending.Ends(var outcome)) || outbox.drained()) {
      return Optional.of(found);
    }
    var now = time.millis();
    if (now < waitsUntil(invocation)) {
      return Optional.empty();
    }
    if (now >= deadlines.jobAt()) {
      return Optional.of(verdict.apply(new End.Overdue()));
    }
    return Optional.of(
        switch (outcome) {
          // a success whose events are not all there is none
          case Outcome.Succeeded _ ->
              verdict.apply(new End.TimedOut(Duration.ofMillis(now - deadlines.begunAt())));
          case Outcome.Failed _ -> found;
        });
  }
}
