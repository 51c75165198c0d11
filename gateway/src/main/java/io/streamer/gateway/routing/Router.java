package io.streamer.gateway.routing;

import io.streamer.gateway.action.ActionCall;
import io.streamer.gateway.action.ActionReply;
import io.streamer.gateway.action.Actions;
import io.streamer.gateway.action.Deployed;
import io.streamer.gateway.action.Waiting;
import io.streamer.gateway.connection.Session;
import io.streamer.gateway.connection.Session.Turn;
import io.streamer.gateway.job.Attach;
import io.streamer.gateway.job.Control;
import io.streamer.gateway.job.FrameFailure;
import io.streamer.gateway.job.Overrun;
import io.streamer.gateway.job.Submit;
import io.streamer.gateway.job.Subscribe;
import io.streamer.gateway.signal.FrameSignals;
import io.streamer.shared.log.Remark;
import io.streamer.shared.protocol.ClientFrame;
import io.streamer.shared.protocol.Decoded;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame.ErrorFrame;
import io.streamer.shared.protocol.ServerFrame.Pong;
import io.streamer.shared.protocol.ServerFrame.Response;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.trace.Span;
import io.streamer.shared.trace.Traces;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes a connection's frames to what answers them. Runs on the connection's event loop. */
public final class Router {
  private static final Problem TOO_MANY_HELLOS =
      Problem.comeBack(ErrorCode.RATE_LIMITED, "wait for the welcome before another hello", 1_000)
          .with("limit", "hello");

  private final Actions actions;
  private final Jobs jobs;
  private final Duration threshold;
  private final FrameSignals signals;
  private final Traces traces;
  private final InstantSource clock;
  private final Consumer<Supplier<Remark>> log;
  private final InFlight inFlight = new InFlight();

  /** What answers the frames that are about jobs. */
  public record Jobs(
      Submit submit, Control control, Attach attach, Subscribe subscribe, Overrun overrun) {}

  /**
   * A router.
   *
   * @param threshold above which a call becomes a job
   * @param log takes what makes a line for each request
   */
  public Router(
      Actions actions,
      Jobs jobs,
      Duration threshold,
      FrameSignals signals,
      Traces traces,
      InstantSource clock,
      Consumer<Supplier<Remark>> log) {
    this.actions = actions;
    this.jobs = jobs;
    this.threshold = threshold;
    this.signals = signals;
    this.traces = traces;
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
    @Nullable String id = null;
    try {
      return switch (WireCodec.read(message)) {
        case Decoded.Malformed bad -> {
          id = bad.requestId();
          log.accept(() ->
              new Remark(
                  session.about().request(bad.requestId()),
                  "a frame is refused: " + bad.problem().line()));
          session.send(ErrorFrame.of(bad.requestId(), bad.problem()));
          yield Future.succeededFuture();
        }
        case Decoded.Frame(var frame) -> {
          id = frame.id();
          yield route(session, frame);
        }
      };
    } catch (Throwable e) {
      // an Error, too: it is this frame's, and whoever waits knows the answer by the id alone
      return FrameFailure.answer(session, id, e);
    }
  }

  private Future<Void> route(Session session, ClientFrame frame) {
    return switch (frame) {
      case ClientFrame.Request request -> request(session, request);
      case ClientFrame.Status status ->
          inTurn(session, Turn.STORE, status, () -> jobs.control().status(session, status));
      case ClientFrame.Hello hello -> {
        if (session.isFull(Turn.HELLO)) {
          session.send(ErrorFrame.of(hello.id(), TOO_MANY_HELLOS));
          yield Future.succeededFuture();
        }
        yield inTurn(session, Turn.HELLO, hello, () -> jobs.attach().hello(session, hello));
      }
      case ClientFrame.Ping ping -> {
        session.send(new Pong(ping.id()));
        yield Future.succeededFuture();
      }
      case ClientFrame.Cancel cancel ->
          inTurn(session, Turn.STORE, cancel, () -> jobs.control().cancel(session, cancel));
      case ClientFrame.Subscribe it ->
          inTurn(session, Turn.STORE, it, () -> jobs.subscribe().subscribe(session, it));
      case ClientFrame.Unsubscribe it ->
          inTurn(session, Turn.STORE, it, () -> jobs.subscribe().unsubscribe(session, it));
      case ClientFrame.Pong _ -> Future.succeededFuture();
    };
  }

  private Future<Void> inTurn(
      Session session, Turn turn, ClientFrame frame, Supplier<Future<Void>> work) {
    inFlight.begin();
    return Future.<Void>succeededFuture()
        .compose(_ -> session.inTurn(turn, work))
        // whoever waits for the answer knows it by its id alone
        .recover(e -> FrameFailure.answer(session, frame.id(), e))
        .onComplete(_ -> inFlight.end());
  }

  /** The connection has ended. */
  public void ended(Session session) {
    actions.left(session.id());
  }

  /** Whether no frame waits for its answer. */
  public boolean idle() {
    return inFlight.isZero();
  }

  /** Frames that wait for their answer, and handlers whose calls became jobs. */
  public int inFlight() {
    return inFlight.count();
  }

  private Future<Void> request(Session session, ClientFrame.Request request) {
    var id = request.id() == null ? RequestIds.next(clock.millis()) : request.id();
    var action = actions.find(request.action());
    if (action.isEmpty()) {
      return refuse(session, id, ErrorCode.INVALID_ACTION, "no handler for " + request.action());
    }
    for (var need : action.get().needs()) {
      if (!session.caller().has(need)) {
        return refuse(
            session, id, ErrorCode.FORBIDDEN, request.action() + " needs the permission " + need);
      }
    }
    return call(session, action.get(), request, id);
  }

  private Future<Void> call(
      Session session, Deployed action, ClientFrame.Request request, String id) {
    var given = request.traceparent();
    var traced = ActionCall.Traced.of(traces.request(action.action(), given), given);
    var call =
        actions.prepare(
            new ActionCall.Asked(
                session.caller(), id, request.payload(), request.metadata(), traced),
            threshold);
    var answering = new Answering(session, action.action(), request, call);
    inFlight.begin();
    try {
      actions.call(action, call, answering);
    } catch (Throwable e) {
      answering.end();
      throw e;
    }
    return answering.answered.future();
  }

  /** A call from the moment it is made until its client has its answer, or its job. */
  private final class Answering implements Waiting {
    private final Session session;
    private final String action;
    private final ClientFrame.Request request;
    private final ActionCall call;
    private final Span span;
    private final Promise<Void> answered = Promise.promise();
    private final long begun = System.nanoTime();
    private Overrun.@Nullable Watched job;

    Answering(Session session, String action, ClientFrame.Request request, ActionCall call) {
      this.session = session;
      this.action = action;
      this.request = request;
      this.call = call;
      this.span = call.traced().span();
    }

    @Override
    public String connection() {
      return session.id();
    }

    @Override
    public boolean isConnected() {
      return session.isConnected();
    }

    @Override
    public void overran() {
      var watched = jobs.overrun().watch(session, action, request, call);
      job = watched;
      // what became a job is answered by its acknowledgment: its end is nobody's message
      watched.acknowledged().onSuccess(_ -> answered());
      watched.claim();
    }

    @Override
    public void replied(ActionReply reply) {
      var watched = job;
      if (reply instanceof ActionReply.Failed(var problem)) {
        span.failed(problem.code().name());
      }
      try {
        var done =
            watched == null
                ? answer(session, action, request, call, reply, begun)
                : watched.finish(reply);
        if (done.succeeded()) {
          answered();
          end();
        } else {
          done.onSuccess(_ -> answered()).recover(this::failed).onComplete(_ -> end());
        }
      } catch (Throwable e) {
        // an Error, too: the task waits for all that is in flight
        failed(e).onComplete(_ -> end());
      }
    }

    private void answered() {
      if (answered.tryComplete()) {
        signals.answered(begun);
        span.end();
      }
    }

    private Future<Void> failed(Throwable e) {
      span.failed(e.getClass().getName());
      // whoever waits for the answer knows it by its id alone
      return FrameFailure.answer(session, request.id(), e);
    }

    private void end() {
      inFlight.end();
      span.end();
      answered.tryComplete();
    }
  }

  private Future<Void> answer(
      Session session,
      String action,
      ClientFrame.Request request,
      ActionCall call,
      ActionReply reply,
      long begun) {
    var id = call.id();
    return switch (reply) {
      case ActionReply.Queue _ ->
          session.inTurn(Turn.STORE, () -> jobs.submit().store(session, request, call));
      case ActionReply.Failed(var problem) -> {
        log.accept(() ->
            new Remark(
                session.about().request(id).action(action),
                action + " " + id + " refused: " + problem.line()));
        session.send(ErrorFrame.of(id, problem));
        yield Future.succeededFuture();
      }
      case ActionReply.Answered(var result) -> {
        var tooLarge = session.terms().tooLarge(result);
        if (tooLarge.isPresent()) {
          yield refuse(session, id, tooLarge.get());
        }
        log.accept(() ->
            new Remark(
                session.about().request(id).action(action),
                action + " " + id + " answered in " + passed(begun)));
        session.send(new Response(id, result));
        yield Future.succeededFuture();
      }
    };
  }

  /** Since a moment of the machine's evenly running clock. */
  private static String passed(long begun) {
    long ms = (System.nanoTime() - begun) / 1_000_000;
    return ms < 10_000 ? ms + " ms" : ms / 1_000 + " s";
  }

  private Future<Void> refuse(Session session, String id, ErrorCode code, String message) {
    return refuse(session, id, Problem.of(code, message));
  }

  private Future<Void> refuse(Session session, String id, Problem problem) {
    log.accept(() ->
        new Remark(session.about().request(id), "request " + id + " refused: " + problem.line()));
    session.send(ErrorFrame.of(id, problem));
    return Future.succeededFuture();
  }
}
