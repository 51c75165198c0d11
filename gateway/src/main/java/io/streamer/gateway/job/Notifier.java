package io.streamer.gateway.job;

import io.streamer.gateway.connection.FrameSender;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.hold.Steady;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.EventCalls;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.trace.Traces;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Tells all who watch a job, its owner and its subscribers, what this task did to it. */
public final class Notifier {
  /** What takes longer is left to whoever looks after the job: it stays due. */
  private static final long TELL_MS = 15_000;

  private final Vertx vertx;
  private final VertxDynamo dynamo;
  private final JobCalls jobs;
  private final EventCalls events;
  private final SubscriptionCalls subscriptions;
  private final JobResults results;
  private final FrameSender delivery;
  private final Traces traces;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  public Notifier(
      Vertx vertx,
      VertxDynamo dynamo,
      JobCalls jobs,
      EventCalls events,
      SubscriptionCalls subscriptions,
      JobResults results,
      FrameSender delivery,
      Traces traces,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.vertx = vertx;
    this.dynamo = dynamo;
    this.jobs = jobs;
    this.events = events;
    this.subscriptions = subscriptions;
    this.results = results;
    this.delivery = delivery;
    this.traces = traces;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * For the frames of a job that nobody is known to watch yet.
   *
   * @param time passes evenly
   */
  Carrier carrier(Job job, InstantSource time) {
    return new Carrier(vertx, dynamo, subscriptions, delivery, traces, job, time);
  }

  /**
   * Tells a job's end, behind its newest events: whoever stored them may have stopped before they
   * were sent. Whoever has these frames drops them by their numbers.
   */
  Future<Void> conclude(Job ended) {
    return dynamo
        .execute(events.newest(ended))
        .compose(newest -> {
          var carrier = carrier(ended, Steady.of(clock, nanoTime));
          var recipients = carrier.recipients();
          recipients.follow(ended.route(), ended.marks().watch());
          recipients.tell(newest);
          if (ended.status() == JobStatus.SUCCEEDED) {
            recipients.tell(hundred(ended));
          }
          return conclude(ended, carrier);
        });
  }

  /**
   * Tells a job's end, behind what its carrier has; once everybody has it or has left, nobody looks
   * after the job any more. A result that is gone counts as told.
   */
  Future<Void> conclude(Job ended, Carrier carrier) {
    return results
        .of(ended)
        .compose(result -> {
          ended.terminalFrame(result).ifPresent(carrier.recipients()::tell);
          return carrier.finish(TELL_MS);
        })
        .compose(told -> told ? carrier.dismiss() : Future.succeededFuture(false))
        .compose(told ->
            told
                ? dynamo.execute(jobs.delivered(ended)).<Void>mapEmpty()
                : Future.<Void>succeededFuture())
        .onComplete(_ -> carrier.close());
  }

  private static ServerFrame hundred(Job ended) {
    return new ServerFrame.Progress(
        ended.requestId(),
        ended.id().value(),
        ended.seq() - 1,
        ended.percentage(),
        ended.message(),
        ended.attempt(),
        ended.annotations());
  }
}
