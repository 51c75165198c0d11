package io.streamer.gateway.connection;

import io.netty.channel.Channel;
import io.streamer.gateway.loop.Every;
import io.streamer.gateway.loop.HandOver;
import io.streamer.gateway.signal.FrameSignals;
import io.streamer.handler.Caller;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.Numbered;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.time.Clocks;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The life of a connection whose socket this task holds. Its socket's event loop owns all state;
 * {@link #deliver} alone may be called from elsewhere.
 */
public final class SocketSession implements Session {
  /** Without a sign of life, or without taking anything while something waits for it. */
  private static final int LOST_HEARTBEATS = 2;

  private final String id;
  private final Caller caller;
  private final Route route;
  private final DoorTerms terms;
  private final long tokenExpiresAt;
  private final Context context;
  private final InstantSource clock;
  private final JobFrames jobs;
  private final Map<Turn, Turns> turns = new EnumMap<>(Turn.class);
  private final Pulse pulse;
  private final Line line;
  private final SendQueue outbox;
  private final FrameSignals signals;
  private final String sourceAddress;
  private final String userAgent;
  private final RowState row = new RowState();

  /** What became of a frame from outside. */
  public enum Delivery {
    DELIVERED,
    GONE,
    /** Not now: the sender may try again. */
    BUSY
  }

  SocketSession(
      Opening opening,
      DoorTerms terms,
      Channel channel,
      Context context,
      Budget budget,
      FrameSignals signals,
      Clocks clocks) {
    this.id = opening.connectionId();
    this.caller = opening.caller();
    this.route = opening.route();
    this.terms = terms;
    this.tokenExpiresAt = opening.tokenExpiresAt();
    this.sourceAddress = opening.sourceAddress();
    this.userAgent = opening.userAgent();
    this.context = context;
    this.clock = clocks.clock();
    this.pulse = new Pulse(clocks, terms.heartbeatMs());
    this.line =
        new Line(
            channel, (ContextInternal) context, budget.share(), pulse::heard, clocks.nanoTime());
    this.outbox = line.outbox();
    this.jobs = new JobFrames(line::keeps);
    this.signals = signals;
  }

  /**
   * What is known of a connection before its socket is open.
   *
   * @param tokenExpiresAt epoch milliseconds
   */
  public record Opening(
      String connectionId,
      Caller caller,
      Route route,
      long tokenExpiresAt,
      String sourceAddress,
      String userAgent) {}

  @Override
  public String id() {
    return id;
  }

  @Override
  public Caller caller() {
    return caller;
  }

  @Override
  public boolean isConnected() {
    return line.channel().isOpen();
  }

  @Override
  public Route route() {
    return route;
  }

  @Override
  public DoorTerms terms() {
    return terms;
  }

  /** Epoch milliseconds. */
  public long tokenExpiresAt() {
    return tokenExpiresAt;
  }

  @Override
  public long connectedAt() {
    return pulse.startedAt();
  }

  /** When a frame last went either way; epoch milliseconds. */
  public long lastSeenAt() {
    return pulse.usedAt();
  }

  public String sourceAddress() {
    return sourceAddress;
  }

  public String userAgent() {
    return userAgent;
  }

  /** What is known of its row. */
  RowState row() {
    return row;
  }

  public Context context() {
    return context;
  }

  /** A frame came in. */
  public void seen() {
    pulse.seen();
  }

  /** A sign of life came in. */
  public void heard() {
    pulse.heard();
  }

  /** How alive it is at this moment. */
  public Liveness state() {
    return isClosing() ? Liveness.CLOSED : pulse.state();
  }

  /** Notes the state; whether it has changed. */
  boolean turned(Liveness to) {
    return pulse.turned(to);
  }

  /** When the client last gave a sign of life; epoch milliseconds. */
  public long heardAt() {
    return pulse.heardAt();
  }

  /** Asks for a sign of life, or closes a connection that has given none. On any thread. */
  void beat() {
    HandOver.to(
        context,
        () -> {
          if (!isClosing() && !closeIfLost()) {
            outbox.ping();
          }
        });
  }

  /** Closes a connection whose client may be lost, between two beats too. On any thread. */
  void look() {
    // of those that are heard their event loop hears nothing
    if (pulse.isSilentFor(LOST_HEARTBEATS)) {
      HandOver.to(
          context,
          () -> {
            if (!isClosing()) {
              closeIfLost();
            }
          });
    }
  }

  private boolean closeIfLost() {
    if (outbox.isStuckFor(TimeUnit.MILLISECONDS.toNanos(LOST_HEARTBEATS * terms.heartbeatMs()))) {
      close(CloseCode.OVERLOADED);
      return true;
    }
    if (line.isRead() && pulse.isSilentFor(LOST_HEARTBEATS)) {
      close(CloseCode.SILENT);
      return true;
    }
    return false;
  }

  /** Closes a connection whose token has ended; whether it has. On any thread. */
  public boolean expire() {
    if (tokenExpiresAt > clock.millis()) {
      return false;
    }
    close(CloseCode.UNAUTHORIZED);
    return true;
  }

  @Override
  public void send(ServerFrame frame) {
    signals.out(frame);
    var bytes = WireCodec.write(frame, clock.millis());
    var numbered = frame.numbered();
    if (numbered.isPresent()) {
      sendNumbered(numbered.get(), bytes);
    } else {
      pulse.used();
      outbox.send(bytes);
    }
  }

  @Override
  public Future<Void> answer(Runnable answer, Supplier<Future<Void>> frames) {
    answer.run();
    return frames.get();
  }

  /** Whether it has ever had to do with a job. On the socket's event loop. */
  boolean hadJobs() {
    return jobs.any();
  }

  @Override
  public void hold(String jobId) {
    jobs.hold(jobId);
  }

  @Override
  public void release(String jobId) {
    jobs.release(jobId);
  }

  @Override
  public Future<Boolean> push(ServerFrame frame) {
    signals.out(frame);
    var bytes = WireCodec.write(frame, clock.millis());
    var numbered = frame.numbered().orElseThrow();
    if (isClosing()) {
      return Future.succeededFuture(false);
    }
    return carryOut(jobs.pass(numbered), numbered, bytes)
        .map(delivery -> delivery == Delivery.DELIVERED);
  }

  @Override
  public void want(String jobId, Set<Kind> kinds) {
    jobs.want(jobId, kinds);
  }

  @Override
  public void forgo(String jobId) {
    jobs.forgo(jobId);
  }

  @Override
  public long seen(String jobId) {
    return jobs.seen(jobId);
  }

  @Override
  public void restart(String jobId) {
    jobs.restart(jobId);
  }

  @Override
  public Future<Void> inTurn(Turn turn, Supplier<Future<Void>> work) {
    return turns(turn).run(work);
  }

  private Turns turns(Turn turn) {
    return turns.computeIfAbsent(turn, one -> new Turns(one.atOnce(), one.mostWaiting()));
  }

  /** Its socket has ended. On the socket's event loop. */
  public void ended() {
    Every.one(List.of(Turn.values()), turn -> turns(turn).end());
  }

  @Override
  public boolean isFull(Turn turn) {
    var asked = turns.get(turn);
    return asked != null && asked.isFull();
  }

  @Override
  public void comeBack() {
    close(CloseCode.OVERLOADED);
  }

  @Override
  public void had(String jobId, long seq) {
    jobs.had(jobId, seq);
  }

  /**
   * Takes a frame from a worker or another task, on any thread. Done when the frame has its place
   * among those on their way out: whoever sends to many must not wait until the slowest reads, and
   * what a socket may hold is bounded.
   */
  public Future<Delivery> deliver(byte[] frame) {
    var promise = Promise.<Delivery>promise();
    var taken =
        HandOver.to(
            context,
            () -> {
              try {
                promise.complete(queue(frame));
              } catch (Throwable e) {
                // an Error too: whoever sends waits for this
                promise.fail(e);
              }
            });
    if (!taken) {
      promise.complete(Delivery.GONE);
    }
    return promise.future();
  }

  /** A write that has not failed at once is queued; what became of the frame shows later. */
  private Delivery queue(byte[] frame) {
    if (isClosing() || expire()) {
      return Delivery.GONE;
    }
    signals.passed();
    var numbered = WireCodec.numbered(frame);
    var sent = numbered.isPresent() ? sendNumbered(numbered.get(), frame) : written(frame);
    return sent.isComplete() ? sent.result() : Delivery.DELIVERED;
  }

  private Future<Delivery> written(byte[] frame) {
    return write(frame).map(Delivery.DELIVERED).otherwise(Delivery.GONE);
  }

  private Future<Delivery> sendNumbered(Numbered numbered, byte[] frame) {
    if (isClosing()) {
      return Future.succeededFuture(Delivery.GONE);
    }
    var verdict = jobs.take(numbered, frame.length, () -> sendNumbered(numbered, frame));
    return carryOut(verdict, numbered, frame);
  }

  private Future<Delivery> carryOut(JobFrames.Verdict verdict, Numbered numbered, byte[] frame) {
    return switch (verdict) {
      case SEEN, UNWANTED -> Future.succeededFuture(Delivery.DELIVERED);
      case REFUSED -> Future.succeededFuture(Delivery.BUSY);
      // the answer it waits for is about to be written; its sender need not wait with it
      case HELD -> Future.succeededFuture(Delivery.DELIVERED);
      case SEND -> writeInOrder(numbered, frame);
    };
  }

  private Future<Delivery> writeInOrder(Numbered numbered, byte[] frame) {
    var overtaken = outbox.takeKept(numbered.jobId());
    if (outbox.isCrowded() && numbered.kind() == Kind.PROGRESS) {
      // the newest is written once there is room: whoever sends it need not wait for that
      outbox.keep(numbered.jobId(), frame);
      return Future.succeededFuture(Delivery.DELIVERED);
    }
    if (overtaken != null) {
      var _ = write(overtaken);
    }
    return written(frame);
  }

  private Future<Void> write(byte[] frame) {
    pulse.used();
    return outbox.write(frame);
  }

  /** Its socket. */
  public Line line() {
    return line;
  }

  public void close(CloseCode code) {
    line.close(code);
  }

  /** Whether it is over for this connection, or about to be. */
  public boolean isClosing() {
    return line.isClosing();
  }
}
