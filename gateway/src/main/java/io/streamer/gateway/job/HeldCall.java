package io.streamer.gateway.job;

import io.streamer.gateway.action.ActionCall;
import io.streamer.gateway.loop.HandOver;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.hold.Ending;
import io.streamer.shared.hold.Holding;
import io.streamer.shared.hold.Step;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.log.Abridged;
import io.streamer.shared.table.Call;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call that became a job while its handler runs in this task: does what the job's {@link Holding}
 * wants. The event loop that made it owns all state.
 */
final class HeldCall {
  private static final Logger LOG = LoggerFactory.getLogger(HeldCall.class);
  private static final long LOOK_EVERY_MS = 100;

  private final Vertx vertx;
  private final VertxDynamo dynamo;
  private final Notifier notifier;
  private final Holding holding;
  private final Carrier carrier;
  private final ActionCall call;
  private final InstantSource clock;
  private final Context context;
  private final Promise<Void> over = Promise.promise();
  private final long timer;
  private @Nullable Report taken;
  private boolean ending;
  private boolean done;

  /**
   * Holds a job from its store on.
   *
   * @param clock by which the job's deadline passes; it may be set
   */
  HeldCall(
      Vertx vertx,
      VertxDynamo dynamo,
      Notifier notifier,
      Holding holding,
      Carrier carrier,
      ActionCall call,
      InstantSource clock) {
    this.vertx = vertx;
    this.dynamo = dynamo;
    this.notifier = notifier;
    this.holding = holding;
    this.carrier = carrier;
    this.call = call;
    this.clock = clock;
    this.context = vertx.getOrCreateContext();
    this.timer = vertx.setPeriodic(LOOK_EVERY_MS, _ -> look());
  }

  /** Done when nothing more is to be done for the job here. */
  Future<Void> over() {
    return over.future();
  }

  /** Somebody asked for the job's end; callable from everywhere. */
  void cancelled(Job asked) {
    HandOver.to(
        context,
        () -> {
          if (asked.run().equals(holding.job().run())) {
            holding.cancel();
            look();
          }
        });
  }

  /** Ends the job as its handler did, unless it has ended otherwise. */
  Future<Void> finish(Outcome outcome) {
    takeReport();
    end(new Ending.Ends(outcome));
    drive();
    return over();
  }

  private void look() {
    if (done) {
      return;
    }
    takeReport();
    if (holding.cancelled()) {
      stop(new Ending.Stops());
    } else if (holding.job().terms().deadlineAt().filter(at -> at <= clock.millis()).isPresent()) {
      stop(new Ending.Expires());
    }
    drive();
  }

  private void stop(Ending how) {
    if (!ending) {
      end(how);
      call.cancel();
    }
  }

  private void end(Ending how) {
    if (!ending) {
      ending = true;
      holding.end(how);
    }
  }

  private void drive() {
    while (!done && drive(holding.next(carrier.now()))) {
      // the next
    }
    carrier.carry();
  }

  private boolean drive(Step step) {
    return switch (step) {
      case Step.Write(var write) -> ask(write, holding::wrote);
      case Step.Look(var look) -> ask(look, holding::looked);
      case Step.Land _ -> throw new IllegalStateException("its handler has one attempt");
      case Step.Wait _ -> false;
      case Step.Lost _ -> {
        done();
        // what its handler still does is nobody's
        call.cancel();
        carrier.close();
        over.complete();
        yield false;
      }
      case Step.Ended(var job) -> {
        done();
        Future.<Void>succeededFuture()
            .compose(_ -> notifier.conclude(job, carrier))
            .onFailure(e ->
                job.about()
                    .in(LOG.atError())
                    .setCause(Abridged.of(e))
                    .log("the end of job {} was not told", job.id()))
            .onComplete(_ -> over.complete());
        yield false;
      }
    };
  }

  private void done() {
    done = true;
    vertx.cancelTimer(timer);
  }

  private <T> boolean ask(Call<T> asked, Consumer<T> answered) {
    // what is thrown instead is no answer either: whoever waits for the end waits for the next try
    Future.<Void>succeededFuture()
        .compose(_ -> dynamo.execute(asked))
        .onComplete(
            answered::accept,
            e -> {
              var job = holding.job();
              job.about()
                  .in(LOG.atWarn())
                  .log("job {}: the store did not answer: {}", job.id(), e.toString());
              holding.unanswered(carrier.now());
            })
        .onComplete(_ -> look());
    return true;
  }

  private void takeReport() {
    holding.annotate(call.annotations());
    var newest = call.newest();
    if (newest != null && !newest.equals(taken)) {
      taken = newest;
      holding.report(newest.percentage(), newest.message(), carrier.now());
    }
  }
}
