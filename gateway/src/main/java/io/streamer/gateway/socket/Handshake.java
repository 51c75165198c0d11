package io.streamer.gateway.socket;

import io.streamer.gateway.auth.HandshakeToken;
import io.streamer.gateway.auth.Verified;
import io.streamer.gateway.connection.SocketSession;
import io.streamer.gateway.http.Refusal;
import io.streamer.handler.Caller;
import io.streamer.shared.job.Route;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One client's way in, from its request to an open socket or a refusal; it gives back what it took.
 * On one event loop.
 */
final class Handshake {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int MAX_USER_AGENT = 256;

  /** Seconds. */
  private static final int MOST_RETRY_AFTER = 5;

  private static final String VERSION = "13";

  private final SocketServer.Door door;
  private final Visits visits;
  private final Lateness lateness;
  private final HttpServerRequest request;
  private final Opened opened;
  private boolean over;
  private boolean placed;
  private @Nullable Caller caller;

  /** Takes a session that opens. */
  @FunctionalInterface
  interface Opened {
    /**
     * Serves it.
     *
     * @param handshake answers the request; then the channel is a socket
     * @param ended to be run when the socket has ended
     */
    void serve(SocketSession session, Runnable handshake, Runnable ended);
  }

  Handshake(
      SocketServer.Door door,
      Visits visits,
      Lateness lateness,
      HttpServerRequest request,
      Opened opened) {
    this.door = door;
    this.visits = visits;
    this.lateness = lateness;
    this.request = request;
    this.opened = opened;
  }

  void begin() {
    if (door.drain().begun()) {
      refuse(503, "restarting", "this task stops: connect again, others take it");
      return;
    }
    if (lateness.isTooMuch()) {
      later("busy", "this task has more to do than it can: connect again in a moment");
      return;
    }
    if (hasBody()) {
      refuse(400, "invalid_handshake", "a handshake has no body");
      return;
    }
    if (!VERSION.equals(request.getHeader("Sec-WebSocket-Version"))) {
      request.response().putHeader("Sec-WebSocket-Version", VERSION);
      refuse(426, "invalid_handshake", "Sec-WebSocket-Version must be " + VERSION);
      return;
    }
    if (request.getHeader("Sec-WebSocket-Key") == null) {
      refuse(400, "invalid_handshake", "Sec-WebSocket-Key is missing");
      return;
    }
    if (door.tables().isAway()) {
      later("service_unavailable", "no sockets are taken right now, come back");
      return;
    }
    if (door.directory().isBehind()) {
      later("busy", "this task has much to write: connect again in a moment");
      return;
    }
    placed = door.places().take();
    if (!placed) {
      refuse(503, "too_many_connections", "this task holds all the sockets it may");
      return;
    }
    visits.onEnd(request, this::end);
    request.pause();
    door.verifier()
        .verify(HandshakeToken.find(request.headers(), request.query()))
        .<Void>map(verified -> {
          switch (verified) {
            case Verified.Refused refused -> turnAway(refused);
            case Verified.Granted(var granted, var expiresAt) -> admit(granted, expiresAt);
          }
          return null;
        })
        .onFailure(this::failed);
  }

  /** The fault is ours, an Error too: whoever asked is told while an answer is still possible. */
  private void failed(Throwable e) {
    door.strangers().fault("taking a socket", e);
    if (over) {
      var _ = Upgrade.channel(request).close();
    } else {
      refuse(500, "internal_error", "something went wrong on our side");
    }
  }

  private void later(String code, String why) {
    // not all at the same moment
    int seconds = ThreadLocalRandom.current().nextInt(1, MOST_RETRY_AFTER + 1);
    request.response().putHeader("Retry-After", Integer.toString(seconds));
    refuse(503, code, why);
  }

  private boolean hasBody() {
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.strip().equals("0"));
  }

  private void admit(Caller granted, long expiresAt) {
    if (over) {
      return;
    }
    if (!door.places().take(granted)) {
      refuse(429, "too_many_connections", "this user holds all the sockets one may");
      return;
    }
    caller = granted;
    open(opening(granted, expiresAt));
  }

  private SocketSession.Opening opening(Caller granted, long expiresAt) {
    var id = connectionId();
    var agent = Optional.ofNullable(request.getHeader(HttpHeaders.USER_AGENT)).orElse("");
    var address = request.remoteAddress();
    return new SocketSession.Opening(
        id,
        granted,
        Route.of(id, door.endpoint(), expiresAt),
        expiresAt,
        door.proxies()
            .client(
                address == null ? "" : address.hostAddress(),
                request.headers().getAll("X-Forwarded-For")),
        agent.length() > MAX_USER_AGENT ? agent.substring(0, MAX_USER_AGENT) : agent);
  }

  private void open(SocketSession.Opening opening) {
    var channel = Upgrade.channel(request);
    var session = door.directory().opened(opening, channel);
    visits.become(request);
    over = true;
    var ended = ended(door, session);
    try {
      opened.serve(session, () -> Upgrade.accept(request, channel), ended);
    } catch (Throwable e) {
      // perhaps nobody was found yet who would hear of the channel's end
      ended.run();
      throw e;
    }
  }

  /** Of the first time it is run. Nothing of the request is kept while the socket is open. */
  private static Runnable ended(SocketServer.Door door, SocketSession session) {
    var once = new AtomicBoolean();
    return () -> {
      if (once.compareAndSet(false, true)) {
        door.places().free();
        door.places().free(session.caller());
        var _ = door.directory().closed(session);
      }
    };
  }

  private void refuse(int status, String code, String message) {
    door.strangers().refused(code);
    door.handshakes().refused(status);
    end();
    request.resume();
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CONNECTION, "close")
        .end(Refusal.body(code, message))
        .onComplete(_ -> visits.leave(request));
  }

  /** A browser tells a page nothing of a refused handshake: it learns why from a socket. */
  private void turnAway(Verified.Refused refused) {
    if (over || !Upgrade.speaksOurs(request)) {
      refuse(refused.status(), refused.code(), refused.message());
      return;
    }
    door.strangers().refused(refused.code());
    door.handshakes().refused(refused.status());
    end();
    visits.become(request);
    Farewell.say(refused, request);
  }

  /** Gives back what it took: it came to nothing. */
  private void end() {
    if (over) {
      return;
    }
    over = true;
    if (placed) {
      door.places().free();
    }
    if (caller != null) {
      door.places().free(caller);
    }
  }

  private static String connectionId() {
    var bytes = new byte[15];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().encodeToString(bytes);
  }
}
