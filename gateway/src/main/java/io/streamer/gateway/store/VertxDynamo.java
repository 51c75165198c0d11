package io.streamer.gateway.store;

import io.micrometer.core.instrument.Timer;
import io.streamer.gateway.signal.Meters;
import io.streamer.shared.signal.Metric;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.StoreUnavailableException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Executes the store's calls; futures complete on the context that asked. */
public final class VertxDynamo {
  /** Of the transport's 200 connections; the others are for what the task has to do by itself. */
  private static final int LANES = 128;

  /** Of 128: one connection's many things take no more. */
  private static final int LANES_OF_ONE = 16;

  /** Whoever asks for no more than this at a time for a connection is not turned away. */
  public static final int SHARE = ConnectionLanes.SHARE;

  /** What a call keeps while it waits for its turn, about: its timer, its promises. */
  private static final int WAITING_BYTES = 1_024;

  /** As long as the transport itself waits for one of its connections, and an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Vertx vertx;
  private final StoreTransport transport;
  private final ConnectionLanes lanes;
  private final Duration patience;
  private final Timer waits;

  /** One whose lanes nobody measures. */
  public VertxDynamo(Vertx vertx, StoreTransport transport) {
    this(vertx, transport, Meters.unread().timer(Metric.STORE_WAIT));
  }

  /**
   * The way there.
   *
   * @param waits gets how long each call waited for its turn, if it had to
   */
  VertxDynamo(Vertx vertx, StoreTransport transport, Timer waits) {
    this(
        vertx, transport, new ConnectionLanes(LANES, LANES_OF_ONE, mostWaiting()), PATIENCE, waits);
  }

  VertxDynamo(
      Vertx vertx,
      StoreTransport transport,
      ConnectionLanes lanes,
      Duration patience,
      Timer waits) {
    this.waits = waits;
    this.vertx = vertx;
    this.transport = transport;
    this.lanes = lanes;
    this.patience = patience;
  }

  private static int mostWaiting() {
    return (int) Math.min(Runtime.getRuntime().maxMemory() / 16 / WAITING_BYTES, 1 << 20);
  }

  /** Fails with {@link StoreUnavailableException} for I/O trouble. */
  public <T> Future<T> execute(Call<T> call) {
    return switch (call) {
      case Call.Done<T>(var value) -> Future.succeededFuture(value);
      case Call.Ask<T>(var request, var next) ->
          transport.send(request).compose(answer -> execute(next.apply(answer)));
    };
  }

  /**
   * The same for what a client asks for: a few things of one connection at a time, and where many
   * ask, connections take turns. Who waits for too long is told that the store is away, by a {@link
   * NotAskedException} if nothing of the call was sent.
   */
  public <T> Future<T> execute(String connection, Call<T> call) {
    return switch (call) {
      case Call.Done<T>(var value) -> Future.succeededFuture(value);
      case Call.Ask<T>(var request, var next) ->
          send(connection, request)
              .compose(answer ->
                  execute(connection, next.apply(answer)).recover(VertxDynamo::begunAlready));
    };
  }

  private static <T> Future<T> begunAlready(Throwable e) {
    return Future.failedFuture(
        e instanceof NotAskedException
            ? new StoreUnavailableException("others were asked for before the rest of it", e)
            : e);
  }

  private Future<Answer> send(String connection, StoreRequest request) {
    if (lanes.take(connection)) {
      return begin(connection, request);
    }
    var context = vertx.getOrCreateContext();
    var answer = Promise.<Answer>promise();
    var since = System.nanoTime();
    long timer =
        vertx.setTimer(
            patience.toMillis(),
            _ -> {
              waits.record(System.nanoTime() - since, TimeUnit.NANOSECONDS);
              answer.fail(new NotAskedException("others were asked for before it"));
            });
    if (!lanes.await(connection, () -> begin(context, timer, since, connection, request, answer))) {
      vertx.cancelTimer(timer);
      return Future.failedFuture(new NotAskedException("too many are asked for"));
    }
    return answer.future();
  }

  /** Whether somebody still waits for the answer. */
  private boolean begin(
      Context context,
      long timer,
      long since,
      String connection,
      StoreRequest request,
      Promise<Answer> answer) {
    boolean wanted = vertx.cancelTimer(timer);
    if (wanted) {
      waits.record(System.nanoTime() - since, TimeUnit.NANOSECONDS);
      context.runOnContext(_ -> begin(connection, request).onComplete(answer));
    }
    return wanted;
  }

  private Future<Answer> begin(String connection, StoreRequest request) {
    // whatever is thrown: a lane that is not left is lost
    return Future.<Void>succeededFuture()
        .compose(_ -> transport.send(request))
        .onComplete(_ -> lanes.leave(connection));
  }
}
