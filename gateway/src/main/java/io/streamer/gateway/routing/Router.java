package io.streamer.gateway.routing;

import io.streamer.gateway.action.ActionCall;
import io.streamer.gateway.action.ActionReply;
import io.streamer.gateway.action.Actions;
import io.streamer.gateway.action.Deployed;
import io.streamer.gateway.connection.Session;
import io.streamer.gateway.connection.Session.Turn;
import io.streamer.gateway.job.Attach;
import io.streamer.gateway.job.Control;
import io.streamer.gateway.job.Overrun;
import io.streamer.gateway.job.Submit;
import io.streamer.gateway.job.Subscribe;
import io.streamer.gateway.job.Trouble;
import io.streamer.gateway.signal.FrameSignals;
import io.streamer.shared.protocol.ClientFrame;
import io.streamer.shared.protocol.Decoded;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame.ErrorFrame;
import io.streamer.shared.protocol.ServerFrame.Pong;
import io.streamer.shared.protocol.ServerFrame.Response;
import io.streamer.shared.protocol.WireCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a connection's frames to what answers them. Runs on the connection's event loop. */
public final class Router {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  private static final Problem TOO_MANY_HELLOS =
      Problem.comeBack(ErrorCode.RATE_LIMITED, "wait for the welcome before another hello", 1_000)
          .with("limit", "hello");

  private final Vertx vertx;
  private final Actions actions;
  private final Submit submit;
  private final Control control;
  private final Attach attach;
  private final Subscribe subscribe;
  private final Overrun overrun;
  private final Duration threshold;
  private final int maxMessageBytes;
  private final FrameSignals signals;
  private final InstantSource clock;
  private final Consumer<String> log;
  private final AtomicInteger inFlight = new AtomicInteger();

  public Router(
      Vertx vertx,
      Actions actions,
      Submit submit,
      Control control,
      Attach attach,
      Subscribe subscribe,
      Overrun overrun,
      Duration threshold,
      int maxMessageBytes,
      FrameSignals signals,
      InstantSource clock,
      Consumer<String> log) {
    this.vertx = vertx;
    this.actions = actions;
    this.submit = submit;
    this.control = control;
    this.attach = attach;
    this.subscribe = subscribe;
    this.overrun = overrun;
    this.threshold = threshold;
    this.maxMessageBytes = maxMessageBytes;
    this.signals = signals;
    this.clock = clock;
    this.log = log;
  }

  /**
   * Handles one message.
   *
   * @return done when the answer, or the acknowledgment of a job, was handed to the connection;
   *     never fails
   */
  public Future<Void> handle(Session session, byte[] message) {
    signals.in();
    if (message.length == 0) {
      // it means nothing, in both directions
      return Future.succeededFuture();
    }
    inFlight.incrementAndGet();
    return Future.<Void>succeededFuture()
        .compose(_ -> route(session, message))
        .recover(e -> Trouble.answer(session, null, e))
        .onComplete(_ -> inFlight.decrementAndGet());
  }

  private Future<Void> route(Session session, byte[] message) {
    return switch (WireCodec.read(message)) {
      case Decoded.Malformed bad -> {
        session.send(ErrorFrame.of(bad.requestId(), bad.problem()));
        yield Future.succeededFuture();
      }
      case Decoded.Frame(var frame) ->
          Future.<Void>succeededFuture()
              .compose(_ -> route(session, frame))
              // whoever waits for the answer knows it by its id alone
              .recover(e -> Trouble.answer(session, frame.id(), e));
    };
  }

  private Future<Void> route(Session session, ClientFrame frame) {
    return switch (frame) {
      case ClientFrame.Request request -> request(session, request);
      case ClientFrame.Status status ->
          session.inTurn(Turn.STORE, () -> control.status(session, status));
      case ClientFrame.Hello hello -> {
        if (session.isFull(Turn.HELLO)) {
          session.send(ErrorFrame.of(hello.id(), TOO_MANY_HELLOS));
          yield Future.succeededFuture();
        }
        yield session.inTurn(Turn.HELLO, () -> attach.hello(session, hello));
      }
      case ClientFrame.Ping ping -> {
        session.send(new Pong(ping.id()));
        yield Future.succeededFuture();
      }
      case ClientFrame.Cancel cancel ->
          session.inTurn(Turn.STORE, () -> control.cancel(session, cancel));
      case ClientFrame.Subscribe it ->
          session.inTurn(Turn.STORE, () -> subscribe.subscribe(session, it));
      case ClientFrame.Unsubscribe it ->
          session.inTurn(Turn.STORE, () -> subscribe.unsubscribe(session, it));
      case ClientFrame.Pong _ -> Future.succeededFuture();
    };
  }

  /** Whether no frame waits for its answer. */
  public boolean idle() {
    return inFlight.get() == 0;
  }

  /** Frames that wait for their answer, and handlers whose calls became jobs. */
  public int inFlight() {
    return inFlight.get();
  }

  private Future<Void> request(Session session, ClientFrame.Request request) {
    var id = request.id() == null ? RequestIds.next(clock.millis()) : request.id();
    return switch (find(session, request.action())) {
      case Route.Unknown _ ->
          refuse(session, id, ErrorCode.INVALID_ACTION, "no handler for " + request.action());
      case Route.Forbidden(var permission) ->
          refuse(
              session,
              id,
              ErrorCode.FORBIDDEN,
              request.action() + " needs the permission " + permission);
      case Route.Here(var action) -> call(session, action, request, id);
    };
  }

  private Route find(Session session, String name) {
    var action = actions.find(name);
    if (action.isEmpty()) {
      return new Route.Unknown();
    }
    return action.get().needs().stream()
        .filter(need -> !session.caller().has(need))
        .findFirst()
        .<Route>map(Route.Forbidden::new)
        .orElseGet(() -> new Route.Here(action.get()));
  }

  private Future<Void> call(
      Session session, Deployed action, ClientFrame.Request request, String id) {
    var call =
        actions.prepare(session.caller(), id, request.payload(), request.metadata(), threshold);
    var reply = actions.call(action, call);
    var overran = watch(session, action.action(), request, call, reply);
    var answered = Promise.<Void>promise();
    long begun = System.nanoTime();
    answered.future().onSuccess(_ -> signals.answered(begun));
    // what became a job is answered by its acknowledgment: its end is nobody's message
    overran.acknowledged().onSuccess(_ -> answered.tryComplete());
    inFlight.incrementAndGet();
    reply
        .otherwise(e -> new ActionReply.Failed(unavailable(action, e)))
        .compose(answer ->
            overran.claimed()
                ? overran.finish(answer)
                : answer(session, action, request, id, answer))
        .onComplete(_ -> inFlight.decrementAndGet())
        .onSuccess(_ -> answered.tryComplete())
        .onFailure(answered::tryFail);
    return answered.future();
  }

  private Future<Void> answer(
      Session session, Deployed action, ClientFrame.Request request, String id, ActionReply reply) {
    return switch (reply) {
      case ActionReply.Queue _ ->
          session.inTurn(Turn.STORE, () -> submit.store(session, request, id));
      case ActionReply.Failed(var problem) -> {
        log.accept(action.action() + " " + id + " " + problem.code());
        session.send(ErrorFrame.of(id, problem));
        yield Future.succeededFuture();
      }
      case ActionReply.Answered(var result) -> {
        // the frame around the result is smaller than this
        if (result.utf8().length > maxMessageBytes - 1_024) {
          yield refuse(
              session, id, ErrorCode.PAYLOAD_TOO_LARGE, "the reply is over max_message_bytes");
        }
        log.accept(action.action() + " " + id + " answered");
        session.send(new Response(id, result));
        yield Future.succeededFuture();
      }
    };
  }

  /** Turns the call into a job once its handler has run for as long as the threshold. */
  private Overrun.Watched watch(
      Session session,
      String action,
      ClientFrame.Request request,
      ActionCall call,
      Future<ActionReply> reply) {
    var watched = overrun.watch(session, action, request, call);
    long[] timer = new long[1];
    timer[0] =
        vertx.setPeriodic(
            threshold.toMillis(),
            _ -> {
              // binding and estimating do not count: what is not running may still be queued
              if (call.running() && !watched.claimed()) {
                watched.claim();
              }
            });
    reply.onComplete(_ -> vertx.cancelTimer(timer[0]));
    return watched;
  }

  private static Problem unavailable(Deployed action, Throwable thrown) {
    LOG.error("{} cannot be called", action.action(), thrown);
    return Problem.comeBack(
        ErrorCode.SERVICE_UNAVAILABLE, action.action() + " is not available right now", 1_000);
  }

  private Future<Void> refuse(Session session, String id, ErrorCode code, String message) {
    session.send(ErrorFrame.of(id, Problem.of(code, message)));
    return Future.succeededFuture();
  }
}
