package io.streamer.gateway.apigateway;

import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.routing.Router;
import io.streamer.shared.log.About;
import io.streamer.shared.protocol.Decoded;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame.ErrorFrame;
import io.streamer.shared.protocol.WireCodec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the messages of connections that API Gateway holds. They come concurrently and in any
 * order, each to any task: nothing here remembers one for the next.
 */
final class Messages {
  private static final Logger LOG = LoggerFactory.getLogger(Messages.class);

  private static final long COME_BACK_MS = 1_000;

  private final Vertx vertx;
  private final ApiDirectory directory;
  private final Router router;
  private final Function<ApiDirectory.Known, Exchange> exchanges;
  private final Pushes pushes;
  private final Bounds bounds;
  private final InstantSource clock;
  private final AtomicInteger answering = new AtomicInteger();
  private final AtomicInteger underWay = new AtomicInteger();
  private final Map<String, Integer> ofConnections = new ConcurrentHashMap<>();

  /**
   * How much there may be.
   *
   * @param most under way at once; each holds its request open
   * @param mostOfOne of them, of one connection: others have places too
   * @param patience after which a response goes out without an answer, which is pushed when it
   *     comes
   * @param messageBytes of one message
   */
  record Bounds(int most, int mostOfOne, Duration patience, int messageBytes) {}

  /**
   * Messages.
   *
   * @param exchanges makes a connection's for one message
   */
  Messages(
      Vertx vertx,
      ApiDirectory directory,
      Router router,
      Function<ApiDirectory.Known, Exchange> exchanges,
      Pushes pushes,
      Bounds bounds,
      InstantSource clock) {
    this.vertx = vertx;
    this.directory = directory;
    this.router = router;
    this.exchanges = exchanges;
    this.pushes = pushes;
    this.bounds = bounds;
    this.clock = clock;
  }

  /** Where an answer goes: done when it is out, or lost. */
  @FunctionalInterface
  interface Response {
    Future<Void> end(byte[] body);
  }

  /** Whether nothing waits for its answer, or behind one. */
  boolean idle() {
    return underWay.get() == 0;
  }

  /** Answers one message. */
  void take(MappedHeaders mapped, byte[] message, Response response) {
    var id = mapped.connection();
    if (id.isEmpty()) {
      take(mapped, message, response, true);
      return;
    }
    var connection = id.get();
    int now = ofConnections.merge(connection, 1, Integer::sum);
    Response counted =
        body ->
            // a response that is closed may throw as well as fail
            Future.<Void>succeededFuture()
                .compose(_ -> response.end(body))
                .onComplete(_ ->
                    ofConnections.computeIfPresent(
                        connection, (_, count) -> count == 1 ? null : count - 1));
    take(mapped, message, counted, now <= bounds.mostOfOne());
  }

  /**
   * Answers one message.
   *
   * @param fair whether its connection has places left
   */
  private void take(MappedHeaders mapped, byte[] message, Response response, boolean fair) {
    underWay.incrementAndGet();
    if (answering.incrementAndGet() > bounds.most()) {
      refuse(
          response,
          message,
          Problem.comeBack(ErrorCode.SERVICE_UNAVAILABLE, "too much is under way", COME_BACK_MS));
      return;
    }
    if (!fair) {
      refuse(
          response,
          message,
          Problem.comeBack(
                  ErrorCode.RATE_LIMITED,
                  "at most " + bounds.mostOfOne() + " messages of a connection are under way",
                  COME_BACK_MS)
              .with("limit", "messages"));
      return;
    }
    var id = mapped.connection();
    if (id.isEmpty()) {
      unauthorized(mapped, message, response);
      return;
    }
    directory
        .find(id.get())
        .onSuccess(found -> {
          // of another API's or a node's connection this one would not be a message
          var known =
              found.filter(it -> mapped.endpoint().equals(Optional.of(it.row().endpoint())));
          if (known.isEmpty() || known.get().row().tokenExpiresAt() <= clock.millis()) {
            unauthorized(mapped, message, response);
          } else {
            answer(known.get(), message, response);
          }
        })
        .onFailure(e -> {
          About.connectionOf(null, id.get())
              .in(LOG.atWarn())
              .log("connection {} cannot be looked up: {}", id.get(), e.toString());
          refuse(
              response,
              message,
              Problem.comeBack(
                  ErrorCode.SERVICE_UNAVAILABLE,
                  "connections cannot be looked up right now",
                  COME_BACK_MS));
        });
  }

  /** Answers a message that is longer than any may be; its text was not kept. */
  void refuseTooLarge(Response response) {
    underWay.incrementAndGet();
    answering.incrementAndGet();
    refuse(
        response,
        new byte[0],
        Problem.of(
            ErrorCode.PAYLOAD_TOO_LARGE,
            "a message has at most " + bounds.messageBytes() + " bytes"));
  }

  private void answer(ApiDirectory.Known known, byte[] message, Response response) {
    directory.seen(known);
    var exchange = exchanges.apply(known);
    long timer = vertx.setTimer(bounds.patience().toMillis(), _ -> exchange.giveUp());
    var answered =
        exchange
            .answer()
            .compose(body -> end(response, body))
            .onComplete(_ -> {
              vertx.cancelTimer(timer);
              exchange.responded();
            });
    router
        .handle(exchange, message)
        .onComplete(_ -> exchange.giveUp())
        .transform(_ -> answered)
        .transform(_ -> exchange.pushed())
        .onComplete(pushed -> {
          underWay.decrementAndGet();
          if (pushed.succeeded() && !pushed.result()) {
            directory.closed(exchange.id());
          }
        });
  }

  /**
   * Such a connection can say nothing any more; it is closed, so that its client opens another with
   * a token that holds.
   */
  private void unauthorized(MappedHeaders mapped, byte[] message, Response response) {
    var id = mapped.connection();
    var endpoint = mapped.endpoint();
    refuse(
            response,
            message,
            Problem.of(
                ErrorCode.UNAUTHORIZED,
                "the connection is unknown or its token has expired: connect again"))
        .onComplete(_ -> {
          if (id.isPresent() && endpoint.isPresent()) {
            pushes
                .disconnect(endpoint.get(), id.get())
                .onSuccess(pushed ->
                    About.connectionOf(null, id.get())
                        .in(LOG.atDebug())
                        .log("disconnected {}: {}", id.get(), pushed));
          }
        });
  }

  private Future<Void> refuse(Response response, byte[] message, Problem problem) {
    var frame = ErrorFrame.of(idOf(message), problem);
    return end(response, WireCodec.write(frame, clock.millis()))
        .onComplete(_ -> underWay.decrementAndGet());
  }

  private Future<Void> end(Response response, byte[] body) {
    return Future.<Void>succeededFuture()
        .compose(_ -> response.end(body))
        .onComplete(_ -> answering.decrementAndGet());
  }

  /** The message's own id: by it the client knows what was refused. */
  private static @Nullable String idOf(byte[] message) {
    return switch (WireCodec.read(message)) {
      case Decoded.Malformed bad -> bad.requestId();
      case Decoded.Frame(var frame) -> frame.id();
    };
  }
}
