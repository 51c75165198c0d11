package io.streamer.gateway.socket;

import io.streamer.gateway.auth.TokenVerifier;
import io.streamer.gateway.connection.Directory;
import io.streamer.gateway.connection.Drain;
import io.streamer.gateway.connection.Line;
import io.streamer.gateway.connection.SocketSession;
import io.streamer.gateway.http.Strangers;
import io.streamer.gateway.http.TrustedProxies;
import io.streamer.gateway.routing.Router;
import io.streamer.gateway.signal.HandshakeSignals;
import io.streamer.gateway.store.Presence;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The direct door: takes sockets at any path and hands their messages to the router. One instance
 * per event loop shares the port.
 */
public final class SocketServer extends VerticleBase implements Listener {
  private static final long LOOK_EVERY_MS = 1_000;

  private final Door door;
  private final int port;
  private final Visits visits = new Visits(System::nanoTime);
  private final Lateness lateness;

  /** What all connections of a task may have under way, with their copies on the way; our part. */
  private final UnderWay.Total total =
      new UnderWay.Total(
          Runtime.getRuntime().maxMemory() / 8 / Runtime.getRuntime().availableProcessors());

  private @Nullable HttpServer server;

  /**
   * What the instances of the door share.
   *
   * @param endpoint this task's alias
   * @param messageRate frames of any kind that one client may send a second
   * @param mostLate how late an event loop may be with its work and still take on more
   * @param http answers requests that are no sockets
   * @param tap looks on at what sockets carry; each has a handler for it in its pipeline
   */
  public record Door(
      String host,
      String endpoint,
      int maxMessageBytes,
      int messageRate,
      Duration mostLate,
      Places places,
      TrustedProxies proxies,
      TokenVerifier verifier,
      Directory directory,
      Presence tables,
      Drain drain,
      Router router,
      Handler<HttpServerRequest> http,
      Strangers strangers,
      HandshakeSignals handshakes,
      Optional<Tap> tap) {}

  /**
   * A door.
   *
   * @param port 0 for any free one
   */
  public SocketServer(Door door, int port) {
    this.door = door;
    this.port = port;
    this.lateness = new Lateness(door.mostLate(), System::nanoTime);
  }

  @Override
  public Future<?> start() {
    var options = HttpDoor.options().setHost(door.host()).setPort(port);
    var listening =
        vertx
            .createHttpServer(options)
            .connectionHandler(connection -> {
              HttpDoor.readLittle(connection);
              door.strangers().meet(connection);
              visits.begin(connection);
            })
            .requestHandler(this::request);
    door.strangers().watch(listening);
    server = listening;
    vertx.setPeriodic(LOOK_EVERY_MS, _ -> visits.look());
    watchTime();
    return listening.listen();
  }

  @Override
  public int actualPort() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.actualPort();
  }

  /** Each time anew: a periodic timer that is late fires again at once. */
  private void watchTime() {
    vertx.setTimer(
        Lateness.EVERY_MS,
        _ -> {
          lateness.fired();
          watchTime();
        });
  }

  private void request(HttpServerRequest request) {
    visits.ask(request);
    if (request.canUpgradeToWebSocket()) {
      new Handshake(door, visits, lateness, request, this::serve).begin();
    } else {
      door.http().handle(request);
    }
  }

  private void serve(SocketSession session, Runnable handshake, Runnable ended) {
    var limits = new MessageReader.Limits(door.maxMessageBytes(), door.messageRate());
    door.handshakes().opened();
    MessageReader.serve(
        session,
        door.router(),
        limits,
        new UnderWay(total),
        door.strangers(),
        seen(session, handshake),
        ended);
    door.drain().opened(session);
  }

  /** Has the tap in its place before anything passes. */
  private Runnable seen(SocketSession session, Runnable handshake) {
    if (door.tap().isEmpty()) {
      return handshake;
    }
    var handler = new TapHandler(door.tap().get(), session.id(), door.maxMessageBytes());
    return () -> {
      session.line().channel().pipeline().addAfter(Line.DECODER, "tap", handler);
      handshake.run();
    };
  }
}
