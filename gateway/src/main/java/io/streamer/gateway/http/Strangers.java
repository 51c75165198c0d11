package io.streamer.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.streamer.shared.log.Seldom;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.InstantSource;
import org.slf4j.Logger;

/**
 * What strangers and broken clients do to a port. It costs a line a minute of each kind, without a
 * stack and without anything that they sent: Vert.x and Netty would write one each time.
 */
public final class Strangers {
  private final Seldom seldom;

  public Strangers(Logger log, InstantSource clock) {
    this.seldom = new Seldom(log, clock);
  }

  /**
   * Tells of connections that break and of what is no HTTP; to be called before it listens. Its
   * connections are to be passed to {@link #meet}.
   */
  public void watch(HttpServer server) {
    server
        .exceptionHandler(e -> failed("a connection broke off", e))
        .invalidRequestHandler(request -> {
          var cause = request.decoderResult().cause();
          seldom.info("refused", cause == null ? "no HTTP" : Seldom.of(cause));
          HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
        });
  }

  /** A connection has come. */
  public void meet(HttpConnection connection) {
    if (connection instanceof HttpServerConnection server) {
      server.channelHandlerContext().pipeline().addBefore("handler", "strangers", new Broken());
    }
  }

  /** A handshake or request was turned away. */
  public void refused(String code) {
    seldom.info("refused " + code, "a handshake or request");
  }

  /** Something of theirs went wrong. */
  public void failed(String kind, Throwable thrown) {
    seldom.info(kind, Seldom.of(thrown));
  }

  /** Something of ours went wrong, on what they sent. */
  public void fault(String kind, Throwable thrown) {
    seldom.error(kind, Seldom.of(thrown));
  }

  /**
   * Ends a connection that breaks before it is a WebSocket. Vert.x itself stumbles over one that
   * has sent the beginning of another request (a NullPointerException in {@code
   * Http1xServerRequest.handleException}, which Netty logs with both stacks); requests hear of the
   * end by the connection's close.
   */
  private final class Broken extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (context.pipeline().get("httpDecoder") == null) {
        context.fireExceptionCaught(cause);
        return;
      }
      failed("a connection broke off", cause);
      var _ = context.close();
    }
  }
}
