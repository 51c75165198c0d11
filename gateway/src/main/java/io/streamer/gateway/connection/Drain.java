package io.streamer.gateway.connection;

import io.streamer.shared.protocol.ServerFrame.Goaway;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * Empties this task before it stops: clients are told to open their next socket, each at another
 * moment; what is in flight is answered; then the sockets close with 1012.
 */
public final class Drain {
  private static final long LOOK_EVERY_MS = 20;
  private static final int SPREAD_MS = 5_000;

  private final Vertx vertx;
  private final Registry registry;
  private final BooleanSupplier idle;

  /**
   * A drain.
   *
   * @param idle whether no request is in flight
   */
  public Drain(Vertx vertx, Registry registry, BooleanSupplier idle) {
    this.vertx = vertx;
    this.registry = registry;
    this.idle = idle;
  }

  /** Done when every socket was told to close, at the latest when the grace time is over. */
  public Future<Void> run(Duration grace) {
    long spread = Math.min(SPREAD_MS, Math.max(1, grace.toMillis() / 2));
    for (var session : registry.all()) {
      long delay = ThreadLocalRandom.current().nextLong(spread);
      session.context().runOnContext(_ -> session.send(new Goaway("restart", delay)));
    }
    var drained = Promise.<Void>promise();
    long deadline = System.nanoTime() + grace.toNanos();
    vertx.setPeriodic(
        LOOK_EVERY_MS,
        timer -> {
          if (idle.getAsBoolean() || System.nanoTime() > deadline) {
            vertx.cancelTimer(timer);
            drained.complete();
          }
        });
    return drained
        .future()
        .onSuccess(_ -> registry.all().forEach(session -> session.close(CloseCode.RESTART)))
        // time for the close frames to leave
        .compose(_ -> closed());
  }

  private Future<Void> closed() {
    var closed = Promise.<Void>promise();
    long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    vertx.setPeriodic(
        LOOK_EVERY_MS,
        timer -> {
          if (registry.size() == 0 || System.nanoTime() > deadline) {
            vertx.cancelTimer(timer);
            closed.complete();
          }
        });
    return closed.future();
  }
}
