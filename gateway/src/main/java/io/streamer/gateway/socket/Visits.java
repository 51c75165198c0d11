package io.streamer.gateway.socket;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP connections of one server, until they become sockets: one that asks nothing, or never to
 * the end, or takes no answer, is cut. Of the server's event loop.
 */
final class Visits {
  /** To the end of the first request's head. */
  static final Duration TO_ASK = Duration.ofSeconds(10);

  /** From a head to the request's end. */
  static final Duration TO_FINISH = Duration.ofSeconds(30);

  /**
   * From an answer to the next request's head. A load balancer must end a connection first, or its
   * next request may meet the end on its way: a network load balancer forgets one that is idle for
   * 350 s (its guide, "Connection idle timeout"), others keep theirs for 60 s unless told
   * otherwise.
   */
  static final Duration BETWEEN = Duration.ofSeconds(400);

  /** From a refusal to the end of the connection. */
  static final Duration TO_LEAVE = Duration.ofSeconds(3);

  private final LongSupplier nanoTime;
  private final IdentityHashMap<HttpConnection, Visit> open = new IdentityHashMap<>();

  Visits(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  private static final class Visit {
    long since;
    Duration limit = TO_ASK;
    @Nullable HttpServerRequest request;
    Runnable ended = () -> {};
  }

  /** A connection is there. */
  void begin(HttpConnection connection) {
    var visit = new Visit();
    visit.since = nanoTime.getAsLong();
    open.put(connection, visit);
    connection.closeHandler(_ -> {
      open.remove(connection);
      visit.ended.run();
    });
  }

  /** It asks. */
  void ask(HttpServerRequest request) {
    var visit = open.get(request.connection());
    if (visit != null) {
      visit.request = request;
      set(visit, TO_FINISH);
    }
  }

  /** What is run if the connection ends as it is, before it becomes a socket. */
  void onEnd(HttpServerRequest request, Runnable ended) {
    var visit = open.get(request.connection());
    if (visit == null) {
      ended.run();
    } else {
      visit.ended = ended;
    }
  }

  /** It is a socket from now on. */
  void become(HttpServerRequest request) {
    open.remove(request.connection());
  }

  /** It has its last answer; whatever it still sends is read and dropped, so that it arrives. */
  void leave(HttpServerRequest request) {
    var visit = open.get(request.connection());
    if (visit != null) {
      visit.request = null;
      set(visit, TO_LEAVE);
    }
    if (request.isEnded()) {
      var _ = request.connection().close();
    } else {
      request.endHandler(_ -> request.connection().close());
    }
  }

  /** Cuts those whose time is over. */
  void look() {
    long now = nanoTime.getAsLong();
    for (var entry : List.copyOf(open.entrySet())) {
      var visit = entry.getValue();
      var request = visit.request;
      if (request != null && request.isEnded()) {
        if (!request.response().ended()) {
          // the rest is up to whoever answers
          continue;
        }
        visit.request = null;
        set(visit, BETWEEN);
      }
      if (now - visit.since > visit.limit.toNanos()) {
        // a close would wait for what the other side does not read
        var _ = ((ConnectionBase) entry.getKey()).channelHandlerContext().close();
      }
    }
  }

  private void set(Visit visit, Duration limit) {
    visit.limit = limit;
    visit.since = nanoTime.getAsLong();
  }
}
