package io.streamer.emulator.apigateway;

import io.netty.channel.ChannelHandlerContext;
import io.streamer.emulator.aws.Timekeeper;
import io.streamer.emulator.fault.Door;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.integration.ClientFacts;
import io.streamer.emulator.integration.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.internal.http.WebSocketInternal;
import java.nio.charset.StandardCharsets;

/** An open socket: what is written to it, how long it lives and how it ends. */
final class Connection {
  /** For a client that does not answer our close frame, in milliseconds. */
  private static final long CLOSING_MS = 10_000;

  private final ClientFacts peer;
  private final ServerWebSocket socket;
  private final Timers timers;
  private final Faults faults;
  private final Limits limits;
  private final Traffic traffic;
  private final Promise<Void> closing = Promise.promise();
  private final Promise<Void> ended = Promise.promise();
  private final Timekeeper.Timer ageTimer;
  private final Stall stall;
  private Timekeeper.Timer idleTimer;
  private long lastActiveAt;
  private long pendingBytes;
  private boolean crowded;
  private boolean unread;

  /** What became of a write. */
  enum Written {
    ACCEPTED,
    /** The client does not read fast enough. */
    FULL,
    GONE
  }

  Connection(
      ClientFacts peer,
      ServerWebSocket socket,
      Timers timers,
      ApiSettings settings,
      Faults faults) {
    this.faults = faults;
    this.peer = peer;
    this.socket = socket;
    this.timers = timers;
    this.limits = settings.limits();
    this.traffic = settings.traffic();
    this.lastActiveAt = timers.millis();
    this.stall = new Stall(socket, timers, this::cut);
    this.ageTimer =
        timers.after(limits.times().age().toMillis(), () -> close(ApiCloseCode.GOING_AWAY));
    this.idleTimer = timers.after(limits.times().idle().toMillis(), this::whenIdle);
    socket.closeHandler(_ -> end());
    if (socket.isClosed()) {
      end();
    }
  }

  ClientFacts peer() {
    return peer;
  }

  /** When a message last went either way; epoch milliseconds. */
  long lastActiveAt() {
    return lastActiveAt;
  }

  /** Completes when the socket starts to close from our side or is closed. */
  Future<Void> closing() {
    return closing.future();
  }

  /** Completes when the socket is closed. */
  Future<Void> ended() {
    return ended.future();
  }

  /** A message came in. */
  void active() {
    lastActiveAt = timers.millis();
  }

  /** Sends a text message, in frames as large as a client may send. */
  Written send(Buffer text) {
    if (closing.future().isComplete()) {
      return Written.GONE;
    }
    if (pendingBytes > 0 && pendingBytes + text.length() > limits.sizes().clientBuffer()) {
      return Written.FULL;
    }
    active();
    if (faults.cuts(Door.API_GATEWAY)) {
      // it was taken: that the client is gone shows later
      cut();
      return Written.ACCEPTED;
    }
    traffic.sent(peer.connectionId(), text);
    pendingBytes += text.length();
    var written = write(text).onComplete(_ -> pendingBytes -= text.length());
    stall.look(written);
    return Written.ACCEPTED;
  }

  private Future<Void> write(Buffer text) {
    int length = text.length();
    int end = boundary(text, Math.min(limits.sizes().frame(), length));
    var first = text.getString(0, end, StandardCharsets.UTF_8.name());
    var written = socket.writeFrame(WebSocketFrame.textFrame(first, end == length));
    while (end < length) {
      int start = end;
      end = Math.min(start + limits.sizes().frame(), length);
      written =
          socket.writeFrame(
              WebSocketFrame.continuationFrame(text.getBuffer(start, end), end == length));
    }
    return written;
  }

  /** Not within a character: the first frame is written from a string. */
  private static int boundary(Buffer text, int at) {
    int end = at;
    while (end < text.length() && end > 0 && (text.getByte(end) & 0xC0) == 0x80) {
      end--;
    }
    return end == 0 ? at : end;
  }

  /** Closes from our side; what was written before goes out first. */
  void close(ApiCloseCode code) {
    if (!closing.tryComplete()) {
      return;
    }
    timers.after(CLOSING_MS, this::cut);
    var _ = socket.close((short) code.number(), code.reason());
  }

  /**
   * Ends it without a close frame. A client that does not read never gets one, and Vert.x would
   * wait for it to be written.
   */
  void cut() {
    if (!ended.future().isComplete()) {
      ChannelHandlerContext channel = ((WebSocketInternal) socket).channelHandlerContext();
      var _ = channel.close();
    }
  }

  /**
   * A ping came, and Vert.x has answered it. Its answers wait in memory while the client does not
   * read, so that it is not read either, and cut in the end.
   */
  void pinged() {
    if (stall.isFull()) {
      unread = true;
      read();
      socket.drainHandler(_ -> {
        unread = false;
        read();
      });
      stall.look();
    }
  }

  /** Reads no messages, until {@link #resume}. */
  void pause() {
    crowded = true;
    read();
  }

  void resume() {
    crowded = false;
    read();
  }

  private void read() {
    if (crowded || unread) {
      socket.pause();
    } else {
      socket.resume();
    }
  }

  private void whenIdle() {
    long left = lastActiveAt + limits.times().idle().toMillis() - timers.millis();
    if (left <= 0) {
      close(ApiCloseCode.GOING_AWAY);
    } else if (!closing.future().isComplete()) {
      idleTimer = timers.after(left, this::whenIdle);
    }
  }

  private void end() {
    closing.tryComplete();
    ageTimer.cancel();
    idleTimer.cancel();
    stall.end();
    ended.tryComplete();
  }
}
