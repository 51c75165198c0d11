package io.streamer.gateway.connection;

import io.streamer.handler.Caller;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.protocol.WireCodec.Numbered;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The life of a connection whose socket this task holds. Its socket's event loop owns all state;
 * {@link #deliver} alone may be called from elsewhere.
 */
public final class SocketSession implements Session {
  /** Bytes on their way to the client above which progress waits, newest only. */
  private static final long CROWDED = 64 * 1024;

  /** Bytes on their way to the client at which it is cut off: it resumes when it can read again. */
  private static final long OVERFLOWING = 1024 * 1024;

  private final String id;
  private final Caller caller;
  private final Route route;
  private final Terms terms;
  private final long tokenExpiresAt;
  private final ServerWebSocket socket;
  private final Context context;
  private final InstantSource clock;
  private final JobFrames jobs = new JobFrames();
  private final Map<String, byte[]> waitingProgress = new LinkedHashMap<>();
  private final Pulse pulse;
  private final String sourceAddress;
  private final String userAgent;

  private long pendingBytes;
  private boolean leaving;

  /** What became of a frame from outside. */
  public enum Delivery {
    DELIVERED,
    GONE,
    /** Not now: the sender may try again. */
    BUSY
  }

  SocketSession(
      Opening opening, Terms terms, ServerWebSocket socket, Context context, InstantSource clock) {
    this.id = opening.connectionId();
    this.caller = opening.caller();
    this.route = opening.route();
    this.terms = terms;
    this.tokenExpiresAt = opening.tokenExpiresAt();
    this.sourceAddress = opening.sourceAddress();
    this.userAgent = opening.userAgent();
    this.socket = socket;
    this.context = context;
    this.clock = clock;
    this.pulse = new Pulse(clock, terms.heartbeatMs());
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
  public Route route() {
    return route;
  }

  @Override
  public Terms terms() {
    return terms;
  }

  /** Epoch milliseconds. */
  public long tokenExpiresAt() {
    return tokenExpiresAt;
  }

  /** Epoch milliseconds. */
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

  public Context context() {
    return context;
  }

  /** A frame came in. */
  public void seen() {
    pulse.heard();
    pulse.used();
  }

  /** A sign of life came in. */
  public void heard() {
    pulse.heard();
  }

  /** How alive it is at this moment. */
  public ConnectionState state() {
    return socket.isClosed() ? ConnectionState.CLOSED : pulse.state();
  }

  /** Notes the state; whether it has changed. */
  boolean turned(ConnectionState to) {
    return pulse.turned(to);
  }

  /** When the client last gave a sign of life; epoch milliseconds. */
  public long heardAt() {
    return pulse.heardAt();
  }

  public void ping() {
    var _ = socket.writePing(io.vertx.core.buffer.Buffer.buffer());
  }

  @Override
  public void send(ServerFrame frame) {
    var bytes = WireCodec.write(frame, clock.millis());
    var numbered = WireCodec.numbered(bytes);
    if (numbered.isPresent()) {
      sendNumbered(numbered.get(), bytes);
    } else {
      write(bytes);
    }
  }

  @Override
  public Future<Void> answer(Runnable answer, Supplier<Future<Void>> frames) {
    answer.run();
    return frames.get();
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
    var bytes = WireCodec.write(frame, clock.millis());
    var numbered = WireCodec.numbered(bytes).orElseThrow();
    if (socket.isClosed()) {
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
  public void had(String jobId, long seq) {
    jobs.had(jobId, seq);
  }

  /** Takes a frame from a worker or another task, on any thread. */
  public Future<Delivery> deliver(byte[] frame) {
    var promise = Promise.<Delivery>promise();
    context.runOnContext(_ -> {
      var numbered = WireCodec.numbered(frame);
      var sent =
          numbered.isPresent()
              ? sendNumbered(numbered.get(), frame)
              : write(frame).map(Delivery.DELIVERED).otherwise(Delivery.GONE);
      sent.onComplete(promise);
    });
    return promise.future();
  }

  private Future<Delivery> sendNumbered(Numbered numbered, byte[] frame) {
    if (socket.isClosed()) {
      return Future.succeededFuture(Delivery.GONE);
    }
    var verdict = jobs.take(numbered, () -> sendNumbered(numbered, frame));
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
    var overtaken = Optional.ofNullable(waitingProgress.remove(numbered.jobId()));
    if (pendingBytes > CROWDED && numbered.kind() == Kind.PROGRESS) {
      // the newest is written once there is room: whoever sends it need not wait for that
      waitingProgress.put(numbered.jobId(), frame);
      return Future.succeededFuture(Delivery.DELIVERED);
    }
    overtaken.ifPresent(this::write);
    return write(frame).map(Delivery.DELIVERED).otherwise(Delivery.GONE);
  }

  private Future<Void> write(byte[] frame) {
    if (leaving) {
      // a side has said goodbye: nothing may follow that
      return Future.failedFuture("closed");
    }
    if (pendingBytes > OVERFLOWING) {
      close(CloseCode.OVERLOADED);
      return Future.failedFuture("overloaded");
    }
    pulse.used();
    pendingBytes += frame.length;
    return socket
        .writeTextMessage(new String(frame, StandardCharsets.UTF_8))
        .onComplete(_ -> {
          pendingBytes -= frame.length;
          if (pendingBytes <= CROWDED && !waitingProgress.isEmpty()) {
            var waiting = java.util.List.copyOf(waitingProgress.values());
            waitingProgress.clear();
            waiting.forEach(this::write);
          }
        });
  }

  public void close(CloseCode code) {
    context.runOnContext(_ -> {
      leaving = true;
      socket.close((short) code.number(), code.reason());
    });
  }

  /** The client has said goodbye: nothing more is written. On the socket's event loop. */
  public void left() {
    leaving = true;
  }

  /** Stops reading while too much is under way for this connection; {@link #resume} undoes it. */
  public void pause() {
    socket.pause();
  }

  public void resume() {
    socket.resume();
  }
}
