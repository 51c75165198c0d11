package io.streamer.emulator.apigateway;

import io.streamer.emulator.aws.Timekeeper;
import io.streamer.emulator.integration.Timers;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections that do not come to the point: without a whole request's head a while after they
 * came, or after their last answer. A trickle of bytes does not count. The edge's event loop owns
 * it.
 */
final class Idlers {
  /** For the first head, in milliseconds. */
  static final long FIRST_MS = 20_000;

  /** For the next; longer than AWS's SDKs keep a connection they do not use (60 s). */
  static final long NEXT_MS = 75_000;

  /** For a body that nobody wants, so that its sender sees the answer and no reset connection. */
  private static final long LINGER_MS = 2_000;

  private final Timers timers;
  private final Map<HttpConnection, Watch> watched = new HashMap<>();

  /** A connection that is no WebSocket. */
  private static final class Watch {
    private int underWay;
    private Timekeeper.@Nullable Timer timer;

    void cancel() {
      if (timer != null) {
        timer.cancel();
        timer = null;
      }
    }
  }

  Idlers(Timers timers) {
    this.timers = timers;
  }

  void came(HttpConnection connection) {
    var watch = new Watch();
    watched.put(connection, watch);
    connection.closeHandler(_ -> forget(connection));
    arm(connection, watch, FIRST_MS);
  }

  /** A request has come, to be answered. */
  void asked(HttpServerRequest request) {
    var connection = request.connection();
    var watch = watched.get(connection);
    if (watch == null) {
      return;
    }
    watch.underWay++;
    watch.cancel();
    request.response().endHandler(_ -> answered(connection));
  }

  private void answered(HttpConnection connection) {
    var watch = watched.get(connection);
    if (watch != null && --watch.underWay == 0) {
      arm(connection, watch, NEXT_MS);
    }
  }

  /** The connection is a WebSocket now, or has ended. */
  void forget(HttpConnection connection) {
    var watch = watched.remove(connection);
    if (watch != null) {
      watch.cancel();
    }
  }

  /** Ends the connection behind its answer. */
  void dismiss(HttpServerRequest request) {
    var connection = request.connection();
    if (request.isEnded()) {
      var _ = connection.close();
      return;
    }
    request.endHandler(_ -> connection.close());
    request.resume();
    timers.after(LINGER_MS, () -> cut(connection));
  }

  private void arm(HttpConnection connection, Watch watch, long ms) {
    watch.cancel();
    watch.timer = timers.after(ms, () -> cut(connection));
  }

  /** At once: a client that does not read would keep a connection that waits for its last bytes. */
  private static void cut(HttpConnection connection) {
    if (connection instanceof HttpServerConnection server) {
      var _ = server.channelHandlerContext().close();
    }
  }
}
