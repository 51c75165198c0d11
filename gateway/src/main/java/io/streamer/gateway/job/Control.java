package io.streamer.gateway.job;

import io.streamer.gateway.connection.Session;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.job.Job;
import io.streamer.shared.protocol.ClientFrame;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame.ErrorFrame;
import io.streamer.shared.protocol.ServerFrame.Response;
import io.streamer.shared.protocol.ServerFrame.Result;
import io.streamer.shared.protocol.ServerFrame.Snapshot;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.store.due.Cancelled;
import io.streamer.shared.store.due.DueCalls;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client asks of a job that exists. */
public final class Control {
  private static final Logger LOG = LoggerFactory.getLogger(Control.class);
  private static final long COME_BACK_MS = 1_000;

  private final VertxDynamo dynamo;
  private final DueCalls due;
  private final JobAccess visible;
  private final JobResults results;
  private final Notifier notifier;
  private final Overrun overrun;

  public Control(
      VertxDynamo dynamo,
      DueCalls due,
      JobAccess visible,
      JobResults results,
      Notifier notifier,
      Overrun overrun) {
    this.dynamo = dynamo;
    this.due = due;
    this.visible = visible;
    this.results = results;
    this.notifier = notifier;
    this.overrun = overrun;
  }

  /** Answers with the job's snapshot and, if it has ended, its outcome. */
  public Future<Void> status(Session session, ClientFrame.Status status) {
    return visible
        .find(session, status.jobId(), status.requestId(), JobAccess.READ)
        .compose(found -> {
          if (found.isEmpty()) {
            return JobAccess.unknown(session, status.id());
          }
          var job = found.get();
          return results
              .of(session.id(), job)
              .compose(result -> {
                session.send(new Response(status.id(), WireCodec.data(withOutcome(job, result))));
                return Future.succeededFuture();
              });
        })
        .recover(e -> FrameFailure.answer(session, status.id(), e));
  }

  /**
   * Cancels the job, or asks its holder to, and answers with the snapshot as it is then; the job's
   * end follows the answer.
   */
  public Future<Void> cancel(Session session, ClientFrame.Cancel cancel) {
    return visible
        .find(session, cancel.jobId(), cancel.requestId(), JobAccess.CANCEL)
        .compose(found ->
            found.isEmpty()
                ? JobAccess.unknown(session, cancel.id())
                : cancel(session, cancel, found.get()))
        .recover(e -> FrameFailure.answer(session, cancel.id(), e));
  }

  private Future<Void> cancel(Session session, ClientFrame.Cancel cancel, Job job) {
    var jobId = job.id().value();
    // its holder may be faster than this answer
    return session
        .holding(
            List.of(jobId),
            _ ->
                dynamo
                    .execute(session.id(), due.cancel(job, UUID.randomUUID().toString()))
                    .map(cancelled -> {
                      answer(session, cancel, cancelled);
                      return cancelled;
                    }))
        .compose(this::follow);
  }

  private static void answer(Session session, ClientFrame.Cancel cancel, Cancelled cancelled) {
    var job = cancelled.job();
    if (cancelled instanceof Cancelled.TooLate && !job.status().terminal()) {
      // it kept changing hands
      session.send(
          ErrorFrame.of(
              cancel.id(),
              Problem.comeBack(
                  ErrorCode.SERVICE_UNAVAILABLE, "the job could not be reached", COME_BACK_MS)));
      return;
    }
    session.send(new Response(cancel.id(), WireCodec.data(job.snapshot())));
  }

  private Future<Void> follow(Cancelled cancelled) {
    return switch (cancelled) {
      case Cancelled.Asked(var job) -> {
        overrun.cancelled(job);
        yield Future.succeededFuture();
      }
      case Cancelled.TooLate _ -> Future.succeededFuture();
      case Cancelled.Ended(var job) ->
          notifier
              .conclude(job)
              // the answer is out: whoever looks after the job tells its end
              .recover(e -> {
                job.about()
                    .in(LOG.atWarn())
                    .log("the end of {} was not told: {}", job.id(), e.toString());
                return Future.succeededFuture();
              });
    };
  }

  private static Snapshot withOutcome(Job job, Optional<Result> result) {
    var bare = job.snapshot();
    return new Snapshot(
        bare.jobId(),
        bare.requestId(),
        bare.action(),
        bare.status(),
        bare.percentage(),
        bare.message(),
        bare.seq(),
        bare.attempt(),
        bare.createdAt(),
        result.orElse(null),
        job.error().orElse(null));
  }
}
