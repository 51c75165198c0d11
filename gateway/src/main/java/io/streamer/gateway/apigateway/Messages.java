package io.streamer.gateway.apigateway;

import io.streamer.gateway.job.FrameFailure;
import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.routing.Router;
import io.streamer.shared.log.About;
import io.streamer.shared.log.Seldom;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the messages of connections that API Gateway holds. They come concurrently and in any
 * order, each to any task: nothing here remembers one for the next.
 */
final class Messages {
  private static final Logger LOG = LoggerFactory.getLogger(Messages.class);

  /** While the store is away there is one for each message. */
  private static final Seldom SELDOM = new Seldom(LOG, InstantSource.system());

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
  void take(MappedHeaders mapped, byte[] text, Response response) {
    var id = mapped.connection();
    int ofOne = id.map(one -> ofConnections.merge(one, 1, Integer::sum)).orElse(0);
    var message = new Message(text, id, response);
    boolean fits = answering.incrementAndGet() <= bounds.most();
    begin(message, () -> take(mapped, message, fits, ofOne <= bounds.mostOfOne()));
  }

  /**
   * Answers one message.
   *
   * @param fits whether there is a place for it
   * @param fair whether its connection has places left
   */
  private Future<Void> take(MappedHeaders mapped, Message message, boolean fits, boolean fair) {
    if (!fits) {
      return refuse(
          message,
          Problem.comeBack(ErrorCode.SERVICE_UNAVAILABLE, "too much is under way", COME_BACK_MS));
    }
    if (!fair) {
      return refuse(
          message,
          Problem.comeBack(
                  ErrorCode.RATE_LIMITED,
                  "at most " + bounds.mostOfOne() + " messages of a connection are under way",
                  COME_BACK_MS)
              .with("limit", "messages"));
    }
    var id = mapped.connection();
    if (id.isEmpty()) {
      return unauthorized(mapped, message);
    }
    return directory
        .find(id.get())
        .transform(found -> {
          if (found.failed()) {
            SELDOM.warn("a connection cannot be looked up", found.cause().toString());
            return refuse(
                message,
                Problem.comeBack(
                    ErrorCode.SERVICE_UNAVAILABLE,
                    "connections cannot be looked up right now",
                    COME_BACK_MS));
          }
          // of another API's or a node's connection this one would not be a message
          var known =
              found
                  .result()
                  .filter(it -> mapped.endpoint().equals(Optional.of(it.row().endpoint())));
          return known.isEmpty() || known.get().row().tokenExpiresAt() <= clock.millis()
              ? unauthorized(mapped, message)
              : answer(known.get(), message);
        });
  }

  /** Answers a message that is longer than any may be; its text was not kept. */
  void refuseTooLarge(Response response) {
    var message = new Message(new byte[0], Optional.empty(), response);
    answering.incrementAndGet();
    begin(
        message,
        () ->
            refuse(
                message,
                Problem.of(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "a message has at most " + bounds.messageBytes() + " bytes")));
  }

  /** Whatever is thrown on its way, an Error too: it is answered, and all that it took is free. */
  private void begin(Message message, Supplier<Future<Void>> work) {
    underWay.incrementAndGet();
    Future.<Void>succeededFuture()
        .compose(_ -> work.get())
        .recover(e -> refuse(message, FrameFailure.ours(message.about(), e)))
        .onComplete(_ -> {
          message.giveBack();
          underWay.decrementAndGet();
        });
  }

  /** A message that is under way: it is answered once, and has its places until then. */
  private final class Message {
    private final byte[] text;
    private final Optional<String> connection;
    private final Response response;
    private boolean answered;
    private boolean free;

    Message(byte[] text, Optional<String> connection, Response response) {
      this.text = text;
      this.connection = connection;
      this.response = response;
    }

    /** The message's own id: by it the client knows what was refused. */
    @Nullable String id() {
      return switch (WireCodec.read(text)) {
        case Decoded.Malformed bad -> bad.requestId();
        case Decoded.Frame(var frame) -> frame.id();
      };
    }

    About about() {
      return new About(null, connection.orElse(null), null, null, null);
    }

    /** Answers it, if that was not done before; done when the answer is out, or lost. */
    Future<Void> end(byte[] body) {
      if (answered) {
        return Future.succeededFuture();
      }
      answered = true;
      // a response that is closed may throw as well as fail
      return Future.<Void>succeededFuture()
          .compose(_ -> response.end(body))
          .onComplete(_ -> giveBack())
          .otherwiseEmpty();
    }

    /** Its places are free, the first time. */
    void giveBack() {
      if (free) {
        return;
      }
      free = true;
      answering.decrementAndGet();
      connection.ifPresent(
          one -> ofConnections.computeIfPresent(one, (_, count) -> count == 1 ? null : count - 1));
    }
  }

  private Future<Void> answer(ApiDirectory.Known known, Message message) {
    directory.seen(known);
    var exchange = exchanges.apply(known);
    long timer = vertx.setTimer(bounds.patience().toMillis(), _ -> exchange.giveUp());
    var answered =
        exchange
            .answer()
            .compose(message::end)
            .onComplete(_ -> {
              vertx.cancelTimer(timer);
              exchange.responded();
            });
    return Future.<Void>succeededFuture()
        .compose(_ -> router.handle(exchange, message.text))
        .recover(e -> FrameFailure.answer(exchange, message.id(), e))
        .onComplete(_ -> exchange.giveUp())
        .transform(_ -> answered)
        .transform(_ -> exchange.pushed())
        .onSuccess(there -> {
          if (!there) {
            directory.closed(exchange.id());
          }
        })
        // what could not be pushed is somebody else's to tell
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  /**
   * Such a connection can say nothing any more; it is closed, so that its client opens another with
   * a token that holds.
   */
  private Future<Void> unauthorized(MappedHeaders mapped, Message message) {
    var id = mapped.connection();
    var endpoint = mapped.endpoint();
    return refuse(
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

  private Future<Void> refuse(Message message, Problem problem) {
    return message.end(WireCodec.write(ErrorFrame.of(message.id(), problem), clock.millis()));
  }
}
