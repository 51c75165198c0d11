package io.streamer.gateway.socket;

import io.streamer.gateway.auth.TokenSource;
import io.streamer.gateway.auth.TokenVerifier;
import io.streamer.gateway.auth.Verified;
import io.streamer.gateway.connection.CloseCode;
import io.streamer.gateway.connection.Directory;
import io.streamer.gateway.connection.Drain;
import io.streamer.gateway.connection.Registry;
import io.streamer.gateway.connection.SocketSession;
import io.streamer.gateway.http.Refusal;
import io.streamer.gateway.routing.Router;
import io.streamer.handler.Caller;
import io.streamer.shared.job.Route;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The direct door: takes sockets at any path and hands their messages to the router. One instance
 * per event loop shares the port.
 */
public final class SocketServer extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(SocketServer.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What all connections of this process may have under way, with their copies on the way. */
  private static final UnderWay.Total TOTAL =
      new UnderWay.Total(Runtime.getRuntime().maxMemory() / 8);

  private static final int MAX_USER_AGENT = 256;

  private final Door door;
  private final int port;
  private @Nullable HttpServer server;

  /**
   * What the instances of the door share.
   *
   * @param endpoint this task's alias
   * @param http answers requests that are no sockets
   */
  public record Door(
      String host,
      String endpoint,
      int maxMessageBytes,
      int maxConnections,
      TokenVerifier verifier,
      Directory directory,
      Registry registry,
      Drain drain,
      Router router,
      Handler<HttpServerRequest> http) {}

  /**
   * A door.
   *
   * @param port 0 for any free one
   */
  public SocketServer(Door door, int port) {
    this.door = door;
    this.port = port;
  }

  @Override
  public Future<?> start() {
    var options =
        new HttpServerOptions()
            .setHost(door.host())
            .setPort(port)
            .setCompressionSupported(false)
            // a token of 8 KB in base64url, as a header or in the query; API Gateway sends the
            // handshake's 10 KB of headers on and maps some of them once more
            .setMaxHeaderSize(24 * 1024)
            .setMaxInitialLineLength(16 * 1024)
            // compression costs about 100 KB of memory a connection
            .setPerMessageWebSocketCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false)
            // above our own limit, so that too big a message can be answered with 1009
            .setMaxWebSocketFrameSize(8 * door.maxMessageBytes())
            .setMaxWebSocketMessageSize(8 * door.maxMessageBytes())
            .addWebSocketSubProtocol("streamer.v1");
    server = vertx.createHttpServer(options).requestHandler(this::request);
    return server.listen();
  }

  /** The port it listens on. */
  public int actualPort() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.actualPort();
  }

  private void request(HttpServerRequest request) {
    if (request.canUpgradeToWebSocket()) {
      handshake(request);
    } else {
      door.http().handle(request);
    }
  }

  private void handshake(HttpServerRequest request) {
    if (door.drain().begun()) {
      refuse(request, 503, "restarting", "this task stops: connect again, others take it");
      return;
    }
    if (door.registry().size() >= door.maxConnections()) {
      refuse(request, 503, "too_many_connections", "this task holds all the sockets it may");
      return;
    }
    request.pause();
    door.verifier()
        .verify(TokenSource.find(request.headers(), request.query()))
        .onSuccess(verified -> {
          switch (verified) {
            case Verified.Refused(var status, var code, var message) -> {
              LOG.debug("refused {}: {}", request.path(), code);
              refuse(request, status, code, message);
            }
            case Verified.Granted(var caller, var expiresAt) ->
                open(request, opening(request, caller, expiresAt));
          }
        })
        .onFailure(e -> {
          LOG.error("verifying a token", e);
          refuse(request, 500, "internal_error", "something went wrong on our side");
        });
  }

  private SocketSession.Opening opening(HttpServerRequest request, Caller caller, long expiresAt) {
    var id = connectionId();
    var agent = Optional.ofNullable(request.getHeader(HttpHeaders.USER_AGENT)).orElse("");
    var address = request.remoteAddress();
    return new SocketSession.Opening(
        id,
        caller,
        new Route(id, door.endpoint(), expiresAt / 1_000),
        expiresAt,
        address == null ? "" : address.hostAddress(),
        agent.length() > MAX_USER_AGENT ? agent.substring(0, MAX_USER_AGENT) : agent);
  }

  private void open(HttpServerRequest request, SocketSession.Opening opening) {
    door.directory()
        .announce(opening)
        .compose(_ -> request.toWebSocket())
        .onSuccess(socket -> {
          var session = door.directory().opened(opening, socket);
          serve(session, socket);
          door.drain().opened(session);
        })
        .onFailure(e -> {
          LOG.debug("handshake failed: {}", e.toString());
          door.directory().closed(opening.connectionId());
        });
  }

  private void serve(SocketSession session, ServerWebSocket socket) {
    var inbox = new Inbox(session);
    socket.frameHandler(inbox::take);
    socket.pongHandler(_ -> session.heard());
    socket.exceptionHandler(e -> {
      LOG.debug("socket of {}: {}", session.id(), e.toString());
      if (e instanceof io.netty.handler.codec.TooLongFrameException
          || e instanceof io.netty.handler.codec.CorruptedFrameException) {
        // now: Vert.x ends the connection behind this handler
        var _ = socket.close((short) CloseCode.TOO_BIG.number(), CloseCode.TOO_BIG.reason());
      }
    });
    // 1012 is sent by the drain, which then ends the socket
    socket.shutdownHandler(_ -> session.close(CloseCode.RESTART));
    socket.closeHandler(_ -> door.directory().closed(session.id()));
    if (socket.isClosed()) {
      door.directory().closed(session.id());
    }
  }

  /** Puts a connection's frames together and bounds what is under way. */
  private final class Inbox {
    private final SocketSession session;
    private final UnderWay underWay = new UnderWay(TOTAL);
    private @Nullable Buffer message;
    private boolean closing;

    Inbox(SocketSession session) {
      this.session = session;
    }

    void take(WebSocketFrame frame) {
      session.seen();
      if (frame.isClose()) {
        session.left();
      }
      if (closing || !(frame.isText() || frame.isBinary() || frame.isContinuation())) {
        return;
      }
      if (frame.isBinary()) {
        close(CloseCode.BINARY);
        return;
      }
      var data = frame.binaryData();
      var whole = message == null ? data : message.appendBuffer(data);
      if (whole.length() > door.maxMessageBytes()) {
        close(CloseCode.TOO_BIG);
      } else if (frame.isFinal()) {
        message = null;
        handle(whole.getBytes());
      } else {
        message = message == null ? Buffer.buffer().appendBuffer(data) : whole;
      }
    }

    private void handle(byte[] bytes) {
      if (underWay.begins(bytes.length)) {
        session.pause();
      }
      door.router()
          .handle(session, bytes)
          .onComplete(_ -> {
            if (underWay.ends(bytes.length)) {
              session.resume();
            }
          });
    }

    private void close(CloseCode code) {
      closing = true;
      message = null;
      session.close(code);
    }
  }

  private static void refuse(HttpServerRequest request, int status, String code, String message) {
    request.resume();
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CONNECTION, "close")
        .end(Refusal.body(code, message));
  }

  private static String connectionId() {
    var bytes = new byte[15];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().encodeToString(bytes);
  }
}
