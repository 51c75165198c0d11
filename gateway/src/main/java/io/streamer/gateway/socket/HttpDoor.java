package io.streamer.gateway.socket;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.streamer.gateway.http.Strangers;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/** A port for plain HTTP alone: no socket opens there. */
public final class HttpDoor extends VerticleBase implements Listener {
  private static final RecvByteBufAllocator PIECES =
      new AdaptiveRecvByteBufAllocator(64, 2 * 1024, 8 * 1024);

  private static final long LOOK_EVERY_MS = 1_000;

  private final String host;
  private final int port;
  private final Handler<HttpServerRequest> http;
  private final Strangers strangers;
  private final Visits visits = new Visits(System::nanoTime);
  private @Nullable HttpServer server;

  /**
   * A door.
   *
   * @param port negative for a free one that the instances share
   */
  public HttpDoor(String host, int port, Handler<HttpServerRequest> http, Strangers strangers) {
    this.host = host;
    this.port = port;
    this.http = http;
    this.strangers = strangers;
  }

  @Override
  public Future<?> start() {
    var listening =
        vertx
            .createHttpServer(options().setHost(host).setPort(port))
            .connectionHandler(connection -> {
              readLittle(connection);
              strangers.meet(connection);
              visits.begin(connection);
            })
            .requestHandler(request -> {
              visits.ask(request);
              http.handle(request);
            });
    strangers.watch(listening);
    server = listening;
    vertx.setPeriodic(LOOK_EVERY_MS, _ -> visits.look());
    return listening.listen();
  }

  @Override
  public int actualPort() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.actualPort();
  }

  /**
   * Reads a connection in pieces of at most 8 KB: whoever leaves something unfinished keeps the
   * piece that it came in. Netty's own go up to 64 KB, and it settles on them with the first read.
   */
  static void readLittle(HttpConnection connection) {
    ((ConnectionBase) connection)
        .channelHandlerContext()
        .channel()
        .config()
        .setRecvByteBufAllocator(PIECES);
  }

  /** What holds for each port that clients' handshakes come to, by themselves or mapped. */
  static HttpServerOptions options() {
    return new HttpServerOptions()
        .setCompressionSupported(false)
        // whoever was forgotten by a load balancer in between is not waited for
        .setTcpKeepAlive(true)
        // sockets are HTTP/1.1; and a connection is known from its first moment
        .setHttp2ClearTextEnabled(false)
        // a token of 8 KB in base64url, as a header or in the query; API Gateway sends the
        // handshake's 10 KB of headers on and maps some of them once more
        .setMaxHeaderSize(24 * 1024)
        .setMaxInitialLineLength(16 * 1024);
  }
}
