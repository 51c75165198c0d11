package io.streamer.gateway.job;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.micrometer.core.instrument.Timer;
import io.streamer.gateway.connection.FrameSender;
import io.streamer.gateway.signal.Meters;
import io.streamer.gateway.store.Stores;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.job.Job;
import io.streamer.shared.signal.Metric;
import io.streamer.shared.time.Clocks;
import io.streamer.shared.trace.Traces;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** Tells all who watch a job, its owner and its subscribers, what this task did to it. */
public final class Notifier {
  /** What takes longer is left to whoever looks after the job: it stays due. */
  private static final long TELL_MS = 15_000;

  private final Vertx vertx;
  private final Stores stores;
  private final VertxDynamo dynamo;
  private final JobResults results;
  private final FrameSender delivery;
  private final Traces traces;
  private final Timer toldTime;
  private final Clocks clocks;

  /** Has told nobody yet. */
  public Notifier(
      Vertx vertx,
      Stores stores,
      JobResults results,
      FrameSender delivery,
      Traces traces,
      Meters meters,
      Clocks clocks) {
    this.vertx = vertx;
    this.stores = stores;
    this.dynamo = stores.dynamo();
    this.results = results;
    this.delivery = delivery;
    this.traces = traces;
    this.toldTime = meters.timer(Metric.TOLD_TIME);
    this.clocks = clocks;
  }

  /**
   * For the frames of a job that nobody is known to watch yet.
   *
   * @param time passes evenly
   */
  Carrier carrier(Job job, InstantSource time) {
    return new Carrier(vertx, dynamo, stores.subscriptions(), delivery, traces, job, time);
  }

  /**
   * Tells the end of a job that has just ended, behind its newest events: whoever stored them may
   * have stopped before they were sent. Whoever has these frames drops them by their numbers.
   */
  Future<Void> conclude(Job ended) {
    return conclude(ended, clocks.clock().millis());
  }

  /** The same for a job that has ended before, and whose watchers were not all told. */
  Future<Void> concludeAgain(Job ended) {
    return conclude(ended, stores.jobs().endedAt(ended));
  }

  private Future<Void> conclude(Job ended, long endedAt) {
    return dynamo
        .execute(stores.events().newest(ended))
        .compose(newest -> {
          var carrier = carrier(ended, clocks.steady());
          var recipients = carrier.recipients();
          recipients.follow(ended.route(), ended.marks().watch());
          recipients.tell(newest);
          ended.hundred().ifPresent(recipients::tell);
          return conclude(ended, carrier, endedAt);
        });
  }

  /**
   * Tells a job's end, behind what its carrier has; once everybody has it or has left, nobody looks
   * after the job any more. A result that is gone counts as told.
   */
  Future<Void> conclude(Job ended, Carrier carrier) {
    return conclude(ended, carrier, carrier.now());
  }

  private Future<Void> conclude(Job ended, Carrier carrier, long endedAt) {
    return results
        .of(ended)
        .compose(result -> {
          ended.terminalFrame(result).ifPresent(carrier.recipients()::tell);
          return carrier.finish(TELL_MS);
        })
        .onSuccess(_ ->
            carrier
                .recipients()
                .ownerToldAt()
                .ifPresent(at -> toldTime.record(Math.max(0, at - endedAt), MILLISECONDS)))
        .compose(told -> told ? carrier.dismiss() : Future.succeededFuture(false))
        .compose(told ->
            told
                ? dynamo.execute(stores.jobs().delivered(ended)).<Void>mapEmpty()
                : Future.<Void>succeededFuture())
        .onComplete(_ -> carrier.close());
  }
}
