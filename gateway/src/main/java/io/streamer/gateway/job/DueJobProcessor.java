package io.streamer.gateway.job;

import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.job.Due;
import io.streamer.shared.job.Due.Decision;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Transitions.Step;
import io.streamer.shared.log.About;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.due.DueCalls;
import io.streamer.shared.trace.Traces;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done to one job that is due: what {@link Due} decides, and who is told. */
public final class DueJobProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(DueJobProcessor.class);

  private final VertxDynamo dynamo;
  private final DueCalls dues;
  private final Due due;
  private final Notifier notifier;
  private final AbandonedJobs departures;
  private final Traces traces;
  private final InstantSource clock;

  public DueJobProcessor(
      VertxDynamo dynamo,
      DueCalls dues,
      Due due,
      Notifier notifier,
      AbandonedJobs departures,
      Traces traces,
      InstantSource clock) {
    this.dynamo = dynamo;
    this.dues = dues;
    this.due = due;
    this.notifier = notifier;
    this.departures = departures;
    this.traces = traces;
    this.clock = clock;
  }

  /** What goes out to the job's watchers: it may take as long as they do. */
  @FunctionalInterface
  interface Errand {
    Future<Void> run();
  }

  /** Whether it waits for a worker and would be started once more. */
  boolean restarts(Job job) {
    return due.decide(job, clock.millis()) instanceof Decision.Start(var step, _)
        && step == Step.RESTART;
  }

  /** Does what can be done in the store; the rest is the errand, if there is one. */
  Future<Optional<Errand>> look(Job job) {
    return switch (due.decide(job, clock.millis())) {
      case Decision.Nothing _ -> nothing();
      case Decision.Start start -> start(job, start);
      case Decision.End end ->
          dynamo
              .execute(dues.end(job, end, nonce()))
              .map(kept ->
                  switch (kept) {
                    case Kept.Still(var ended) -> Optional.of(() -> notifier.conclude(ended));
                    case Kept.Lost _ -> Optional.empty();
                  });
      case Decision.AskToStop _ ->
          dynamo.execute(dues.stopAbandoned(job)).map(Optional.<Errand>empty());
      case Decision.LookLater(var at) -> dynamo.execute(dues.lookLater(job, at)).map(mind(job));
      case Decision.Sweep _ -> dynamo.execute(dues.sweep(job)).map(Optional.<Errand>empty());
      case Decision.Deliver(var lookAt) ->
          dynamo
              .execute(dues.lookLater(job, lookAt))
              // of several tasks that look at it, the one whose write this is tells it
              .map(
                  ours -> ours ? Optional.of(() -> notifier.concludeAgain(job)) : Optional.empty());
    };
  }

  private Future<Optional<Errand>> start(Job job, Decision.Start start) {
    return dynamo
        .execute(dues.start(job, start, nonce()))
        .map(kept ->
            switch (kept) {
              case Kept.Still(var started) -> {
                // others that looked at it have no part in its trace
                traces.start(job).end();
                yield mind(started);
              }
              case Kept.Lost _ -> Optional.empty();
            });
  }

  /** A job whose turn has failed stands behind the others then. */
  Future<Void> setAside(Job job, Throwable why) {
    job.about().in(LOG.atWarn()).log("looking after job {} failed: {}", job.id(), why.toString());
    return dynamo.execute(dues.lookLater(job, later())).mapEmpty();
  }

  /** A job whose row cannot be read stands behind the others then. */
  Future<Void> setAside(JobId unreadable) {
    About.jobOf(unreadable.value())
        .in(LOG.atError())
        .log("the row of job {} cannot be read: is it of a newer version?", unreadable);
    return dynamo.execute(dues.setAside(unreadable, later())).mapEmpty();
  }

  private long later() {
    return clock.millis() + due.again().toMillis();
  }

  /** Some jobs want their owner to be there. */
  private Optional<Errand> mind(Job job) {
    return AbandonedJobs.mayBeAbandoned(job)
        ? Optional.of(() -> departures.look(job))
        : Optional.empty();
  }

  private static Future<Optional<Errand>> nothing() {
    return Future.succeededFuture(Optional.empty());
  }

  private static String nonce() {
    return UUID.randomUUID().toString();
  }
}
