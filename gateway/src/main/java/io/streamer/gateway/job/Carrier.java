package io.streamer.gateway.job;

import io.streamer.gateway.connection.FrameSender;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.hold.Carriage;
import io.streamer.shared.hold.Carriage.Errand;
import io.streamer.shared.hold.Recipient;
import io.streamer.shared.hold.Recipient.Parcel;
import io.streamer.shared.hold.Recipients;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Route;
import io.streamer.shared.log.About;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.store.Subscription;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.table.Call;
import io.streamer.shared.trace.Span;
import io.streamer.shared.trace.SpanName;
import io.streamer.shared.trace.Traces;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one job's frames to all who watch it: each of them in order, several at once. The event
 * loop that made it owns all state.
 */
final class Carrier {
  private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);
  private static final Pushed UNSENT = new Pushed.Failed("it was not sent", true);

  private final Vertx vertx;
  private final VertxDynamo dynamo;
  private final FrameSender delivery;
  private final Traces traces;
  private final JobId job;
  private final About about;
  private final String action;
  private final Optional<String> traceparent;
  private final InstantSource time;
  private final Recipients recipients;
  private final Carriage carriage;
  private @Nullable Promise<Boolean> finishing;
  private @Nullable Long timer;
  private boolean carrying;
  private boolean closed;

  private record Landing(int sent, Pushed last) {}

  /**
   * Has nobody to go to before the recipients know of somebody.
   *
   * @param time passes evenly
   */
  Carrier(
      Vertx vertx,
      VertxDynamo dynamo,
      SubscriptionCalls subscriptions,
      FrameSender delivery,
      Traces traces,
      Job job,
      InstantSource time) {
    this.vertx = vertx;
    this.dynamo = dynamo;
    this.delivery = delivery;
    this.traces = traces;
    this.job = job.id();
    this.about = job.about();
    this.action = job.action();
    this.traceparent = job.traceparent();
    this.time = time;
    this.recipients = new Recipients(time);
    this.carriage = new Carriage(job.id(), subscriptions, recipients, time);
  }

  /** By the time that it was given. */
  long now() {
    return time.millis();
  }

  /** Who is told. */
  Recipients recipients() {
    return recipients;
  }

  /** Sends what waits, to whoever is there. */
  void carry() {
    // whatever lands at once is seen by the loop that sent it
    if (closed || carrying) {
      return;
    }
    carrying = true;
    try {
      while (carry(carriage.next())) {
        // the next
      }
    } finally {
      carrying = false;
    }
    var waiting = finishing;
    if (waiting != null && carriage.finished()) {
      waiting.tryComplete(carriage.told());
    }
  }

  private boolean carry(Errand errand) {
    return switch (errand) {
      case Errand.Read(var call) -> {
        read(call);
        yield true;
      }
      case Errand.Close(var call) -> {
        close(call);
        yield true;
      }
      case Errand.Send(var to, var owner, var load) -> {
        send(to, owner, load);
        yield true;
      }
      case Errand.Wait(var until) -> {
        wakeAt(until);
        yield false;
      }
    };
  }

  /**
   * Sends all that waits, up to a job's last frame.
   *
   * @param atMostMs when to leave it to others
   * @return whether everybody who should have it has it, or has left
   */
  Future<Boolean> finish(long atMostMs) {
    var told = Promise.<Boolean>promise();
    finishing = told;
    long limit = vertx.setTimer(atMostMs, _ -> told.tryComplete(false));
    carry();
    return told.future().onComplete(_ -> vertx.cancelTimer(limit));
  }

  /**
   * Takes the subscriptions away: behind its end there is nothing more to hear of a job.
   *
   * @return false if the store did not take one away
   */
  Future<Boolean> dismiss() {
    var rest = recipients.subscribers().iterator();
    var lanes = Stream.generate(() -> dismiss(rest, true)).limit(Carriage.LANES).toList();
    return Future.all(lanes).map(all -> all.<Boolean>list().stream().allMatch(done -> done));
  }

  private Future<Boolean> dismiss(Iterator<Subscription> rest, boolean before) {
    return rest.hasNext()
        ? forget(rest.next().route()).compose(done -> dismiss(rest, before && done))
        : Future.succeededFuture(before);
  }

  /** Nothing more is sent. */
  void close() {
    closed = true;
    wakeAt(Long.MAX_VALUE);
  }

  private void wakeAt(long until) {
    if (timer != null) {
      vertx.cancelTimer(timer);
      timer = null;
    }
    if (until != Long.MAX_VALUE) {
      timer = vertx.setTimer(Math.max(1, until - time.millis()), _ -> carry());
    }
  }

  private void read(Call<List<Subscription>> call) {
    dynamo
        .execute(call)
        .onComplete(
            carriage::read,
            e -> {
              about.in(LOG.atWarn()).log("who watches {} is not known: {}", job, e.toString());
              carriage.misread();
            })
        .onComplete(_ -> carry());
  }

  private void close(Call<Boolean> call) {
    dynamo
        .execute(call)
        .onComplete(
            _ -> carriage.closed(),
            e -> {
              about
                  .in(LOG.atWarn())
                  .log("job {}: a subscriber is not given up: {}", job, e.toString());
              carriage.notClosed();
            })
        .onComplete(_ -> carry());
  }

  private void send(Recipient to, boolean owner, List<Parcel> load) {
    send(to, owner, load, 0)
        .compose(landing ->
            landing.last() instanceof Pushed.Gone && !owner
                ? forget(to.route()).map(landing)
                : Future.succeededFuture(landing))
        .onSuccess(landing -> {
          carriage.landed(to, landing.sent(), landing.last());
          carry();
        });
  }

  private Future<Landing> send(Recipient to, boolean owner, List<Parcel> load, int sent) {
    if (sent == load.size()) {
      return Future.succeededFuture(new Landing(sent, new Pushed.Delivered()));
    }
    if (closed || to.left()) {
      return Future.succeededFuture(new Landing(sent, UNSENT));
    }
    var parcel = load.get(sent);
    var span = owner && parcel.last() ? traces.of(SpanName.PUSH, action, traceparent) : Span.NONE;
    return delivery
        .send(to.route(), parcel.frame())
        .otherwise(e -> new Pushed.Failed(e.toString(), true))
        .onSuccess(pushed -> pushed.end(span))
        .compose(pushed ->
            pushed instanceof Pushed.Delivered
                ? send(to, owner, load, sent + 1)
                : Future.succeededFuture(new Landing(sent, pushed)));
  }

  /** Whether its subscription is taken away. */
  private Future<Boolean> forget(Route gone) {
    return dynamo
        .execute(carriage.forget(gone))
        .map(true)
        .otherwise(e -> {
          about
              .in(LOG.atDebug())
              .log("job {}: the row of a subscriber stays: {}", job, e.toString());
          return false;
        });
  }
}
