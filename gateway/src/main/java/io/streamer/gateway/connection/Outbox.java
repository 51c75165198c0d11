package io.streamer.gateway.connection;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is on its way to one client. Its socket's event loop owns it. */
final class Outbox {
  /** Bytes on their way above which progress waits, newest only. */
  private static final long CROWDED = 64 * 1024;

  /** Bytes on their way at which the client is cut off: it resumes when it can read again. */
  private static final long OVERFLOWING = 1024 * 1024;

  /** Of each frame besides its bytes: itself, its place in two queues, whoever waits for it. */
  private static final int FRAME_BYTES = 256;

  private final ServerWebSocket socket;
  private final Budget.Share share;
  private final LongSupplier nanoTime;
  private final Runnable overflow;
  private @Nullable Map<String, byte[]> waitingProgress;
  private long waitingBytes;
  private long sentBytes;
  private int sentFrames;
  private long movedAt;
  private boolean shut;

  /**
   * An empty outbox.
   *
   * @param overflow is run when the client has left too much unread
   */
  Outbox(ServerWebSocket socket, Budget.Share share, LongSupplier nanoTime, Runnable overflow) {
    this.socket = socket;
    this.share = share;
    this.nanoTime = nanoTime;
    this.overflow = overflow;
  }

  /** Whether progress should wait. */
  boolean isCrowded() {
    return sentBytes > CROWDED;
  }

  private boolean isOverflowing() {
    return sentBytes + waitingBytes > OVERFLOWING;
  }

  /** Writes a text; done when it has left for the client. */
  Future<Void> write(byte[] text) {
    if (shut) {
      return Future.failedFuture("closed");
    }
    if (isOverflowing()) {
      overflow.run();
      return Future.failedFuture("overloaded");
    }
    return send(new WebSocketFrameImpl(WebSocketFrameType.TEXT, text, true), text.length);
  }

  /** Asks for a sign of life. */
  void ping() {
    if (!shut) {
      send(WebSocketFrame.pingFrame(Buffer.buffer()), 0);
    }
  }

  /** Keeps a job's progress until there is room, in place of the one before. */
  void keep(String jobId, byte[] progress) {
    if (shut) {
      return;
    }
    if (isOverflowing()) {
      overflow.run();
      return;
    }
    var waiting = waitingProgress;
    if (waiting == null) {
      waiting = new LinkedHashMap<>();
      waitingProgress = waiting;
    }
    takeKept(jobId);
    waiting.put(jobId, progress);
    waits(progress.length + FRAME_BYTES);
  }

  /** Takes back what was kept of a job; null if nothing was. */
  byte @Nullable [] takeKept(String jobId) {
    var kept = waitingProgress == null ? null : waitingProgress.remove(jobId);
    if (kept != null) {
      waits(-kept.length - FRAME_BYTES);
    }
    return kept;
  }

  /** Whether the client has taken nothing for so long, while something was there to be taken. */
  boolean isStuckFor(long nanos) {
    return sentFrames > 0 && nanoTime.getAsLong() - movedAt > nanos;
  }

  /** Takes nothing more: a goodbye has been said. */
  void shut() {
    shut = true;
    waitingProgress = null;
    waits(-waitingBytes);
  }

  private Future<Void> send(WebSocketFrame frame, int length) {
    if (sentFrames == 0) {
      movedAt = nanoTime.getAsLong();
    }
    sentFrames++;
    leaves(length + FRAME_BYTES);
    return socket.writeFrame(frame).onComplete(_ -> sent(length));
  }

  private void sent(int length) {
    sentFrames--;
    movedAt = nanoTime.getAsLong();
    leaves(-length - FRAME_BYTES);
    var waiting = waitingProgress;
    if (waiting != null && !isCrowded()) {
      waitingProgress = null;
      waits(-waitingBytes);
      waiting.values().forEach(this::write);
    }
  }

  private void leaves(long change) {
    sentBytes += change;
    share.add(change);
  }

  private void waits(long change) {
    waitingBytes += change;
    share.add(change);
  }
}
