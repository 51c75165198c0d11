package io.streamer.gateway.apigateway;

import io.streamer.gateway.connection.DoorTerms;
import io.streamer.gateway.connection.FrameSender;
import io.streamer.gateway.connection.Session;
import io.streamer.gateway.signal.FrameSignals;
import io.streamer.handler.Caller;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.push.Pushed;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A connection for the time of one message. The first frame outside a job's numbers is the
 * integration's response; all others are pushed one after the other, behind it but for those that
 * an answer waits for. The request's event loop owns all state.
 */
final class Exchange implements Session {
  private static final byte[] NOTHING = {};

  private final ApiDirectory.Known connection;
  private final Route route;
  private final DoorTerms terms;
  private final FrameSender delivery;
  private final FrameSignals signals;
  private final InstantSource clock;
  private final Promise<byte[]> answer = Promise.promise();
  private final Promise<Void> mayPush = Promise.promise();
  private Future<Boolean> reachable = mayPush.future().map(true);

  Exchange(
      ApiDirectory.Known connection,
      DoorTerms terms,
      FrameSender delivery,
      FrameSignals signals,
      InstantSource clock) {
    var row = connection.row();
    this.connection = connection;
    this.route = Route.of(row.id(), row.endpoint(), row.tokenExpiresAt());
    this.terms = terms;
    this.delivery = delivery;
    this.signals = signals;
    this.clock = clock;
  }

  @Override
  public String id() {
    return route.connection();
  }

  @Override
  public Caller caller() {
    return connection.caller();
  }

  /** Its end may be told to another task. */
  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public Route route() {
    return route;
  }

  @Override
  public DoorTerms terms() {
    return terms;
  }

  @Override
  public void send(ServerFrame frame) {
    signals.out(frame);
    var bytes = WireCodec.write(frame, clock.millis());
    if (frame.numbered().isPresent() || !answer.tryComplete(bytes)) {
      var _ = inTurn(bytes);
    }
  }

  @Override
  public Future<Void> answer(Runnable answer, Supplier<Future<Void>> frames) {
    mayPush.tryComplete();
    return frames.get().onSuccess(_ -> answer.run());
  }

  @Override
  public long connectedAt() {
    return connection.row().connectedAt();
  }

  @Override
  public Future<Boolean> push(ServerFrame frame) {
    signals.out(frame);
    return inTurn(WireCodec.write(frame, clock.millis()));
  }

  private Future<Boolean> inTurn(byte[] frame) {
    // a terminal frame that fails here leaves its job in `due`
    reachable =
        reachable.compose(there ->
            there
                ? delivery.insist(route, frame).map(Pushed.Delivered.class::isInstance)
                : Future.succeededFuture(false));
    return reachable;
  }

  /** Nothing to keep back: what others push may overtake a response here, and the client knows. */
  @Override
  public void hold(String jobId) {}

  @Override
  public void release(String jobId) {}

  @Override
  public void want(String jobId, Set<Kind> kinds) {}

  @Override
  public long seen(String jobId) {
    return 0;
  }

  @Override
  public void forgo(String jobId) {}

  @Override
  public void had(String jobId, long seq) {}

  @Override
  public void restart(String jobId) {}

  /** The account's rate bounds what its clients ask for at once. */
  @Override
  public boolean isFull(Turn turn) {
    return false;
  }

  @Override
  public Future<Void> inTurn(Turn turn, Supplier<Future<Void>> work) {
    return work.get();
  }

  /** Its answer comes behind the frames: without them there is none. */
  @Override
  public void comeBack() {}

  /** The body to respond with; empty if there is no answer, or none yet. */
  Future<byte[]> answer() {
    return answer.future();
  }

  /** Waits no longer for an answer: one that still comes is pushed. */
  void giveUp() {
    answer.tryComplete(NOTHING);
  }

  /** The response is out: what waits behind it may follow. */
  void responded() {
    mayPush.tryComplete();
  }

  /** Done when all frames so far are out; false if the connection was found to be gone. */
  Future<Boolean> pushed() {
    return reachable;
  }
}
