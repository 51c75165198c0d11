package io.streamer.gateway.connection;

import io.streamer.gateway.loop.HandOver;
import io.streamer.gateway.push.Pushes;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.push.Pushed;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Optional;

/** Brings a frame to a connection, wherever it is held: here, or by a call to who holds it. */
public final class FrameSender {
  private static final long FIRST_PAUSE_MS = 200;
  private static final long LONGEST_PAUSE_MS = 5_000;
  private static final long PATIENCE_MS = 30_000;

  /** How long a socket of this task may take for one frame, as a push to another one may. */
  private static final long HERE_MS = 5_000;

  private final Vertx vertx;
  private final Registry registry;
  private final String endpoint;
  private final Pushes pushes;
  private final InstantSource clock;

  /**
   * A delivery.
   *
   * @param endpoint this task's own alias
   */
  public FrameSender(
      Vertx vertx, Registry registry, String endpoint, Pushes pushes, InstantSource clock) {
    this.vertx = vertx;
    this.registry = registry;
    this.endpoint = endpoint;
    this.pushes = pushes;
    this.clock = clock;
  }

  /** Sends a frame to a connection; one whose token has ended is closed instead. */
  public Future<Pushed> send(Route to, ServerFrame frame) {
    return deliver(to, WireCodec.write(frame, clock.millis()));
  }

  /**
   * Sends bytes that others may not overtake: tries again for half a minute. A connection that then
   * still takes nothing is closed, so that its client comes back and asks for what it missed.
   */
  public Future<Pushed> insist(Route to, byte[] frame) {
    return insist(to, frame, FIRST_PAUSE_MS, clock.millis() + PATIENCE_MS);
  }

  private Future<Pushed> insist(Route to, byte[] frame, long pauseMs, long untilMs) {
    return deliver(to, frame)
        .compose(pushed -> {
          if (!(pushed instanceof Pushed.Failed(_, var retryable))) {
            return Future.succeededFuture(pushed);
          }
          if (!retryable || clock.millis() + pauseMs > untilMs) {
            return pushes.disconnect(to.endpoint(), to.connection()).map(pushed);
          }
          return vertx
              .timer(pauseMs)
              .compose(_ -> insist(to, frame, Math.min(2 * pauseMs, LONGEST_PAUSE_MS), untilMs));
        });
  }

  private Future<Pushed> deliver(Route to, byte[] frame) {
    // this task's own sockets know when theirs end
    var way = isHere(to) ? to : to.at(clock.millis());
    return deliver(way.endpoint(), way.connection(), frame);
  }

  private boolean isHere(Route to) {
    return to.endpoint().equals(endpoint);
  }

  /** Sends bytes to a connection. */
  public Future<Pushed> deliver(String toEndpoint, String connectionId, byte[] frame) {
    if (toEndpoint.equals(endpoint)) {
      return registry
          .find(connectionId)
          .map(session ->
              here(
                  session
                      .deliver(frame)
                      .map(FrameSender::pushed)
                      .otherwise(e -> new Pushed.Failed(e.toString(), true))))
          .orElseGet(() -> Future.succeededFuture(new Pushed.Gone()));
    }
    return pushes.post(toEndpoint, connectionId, frame);
  }

  /** Asks whether a connection is there. */
  public Future<Pushed> probe(Route to) {
    if (isHere(to)) {
      return Future.succeededFuture(
          hasLeft(to) ? new Pushed.Gone() : (Pushed) new Pushed.Delivered());
    }
    return pushes.probe(to.endpoint(), to.connection());
  }

  /** Whether it was one of this task's own sockets, and is closed. */
  public boolean hasLeft(Route to) {
    return isHere(to) && registry.find(to.connection()).isEmpty();
  }

  /** How alive a connection is whose socket this task holds; empty if it holds none. */
  Optional<Liveness> state(String connectionId) {
    return registry.find(connectionId).map(SocketSession::state);
  }

  /**
   * The socket's answer comes on its own event loop: its caller goes on where it was. A socket that
   * nobody reads may give none for ever, and others would wait with its caller.
   */
  private Future<Pushed> here(Future<Pushed> elsewhere) {
    var caller = vertx.getOrCreateContext();
    var done = Promise.<Pushed>promise();
    long timer =
        vertx.setTimer(
            HERE_MS,
            _ -> done.tryComplete(new Pushed.Failed("the connection takes nothing", true)));
    elsewhere.onComplete(outcome ->
        HandOver.to(
            caller,
            () -> {
              vertx.cancelTimer(timer);
              if (outcome.succeeded()) {
                done.tryComplete(outcome.result());
              } else {
                done.tryFail(outcome.cause());
              }
            }));
    return done.future();
  }

  private static Pushed pushed(SocketSession.Delivery delivery) {
    return switch (delivery) {
      case DELIVERED -> new Pushed.Delivered();
      case GONE -> new Pushed.Gone();
      case BUSY -> new Pushed.Failed("the connection is busy", true);
    };
  }
}
