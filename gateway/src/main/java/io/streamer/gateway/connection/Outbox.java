package io.streamer.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is on its way to one client. Its socket's event loop owns it. */
final class Outbox {
  /** Bytes on their way above which progress waits, newest only. */
  private static final long CROWDED = 64 * 1024;

  /** Bytes on their way at which the client is cut off: it resumes when it can read again. */
  private static final long OVERFLOWING = 1024 * 1024;

  /** What leaves at once has about so much, unless one frame alone has more. */
  private static final int BATCH_BYTES = 16 * 1024;

  private static final int MOST_HEAD = 10;
  private static final int FINAL_TEXT = 0x81;
  private static final int SHORT = 126;
  private static final int LONG = 127;
  private static final int MOST_SHORT = 0xFFFF;

  /** Of each frame besides its bytes: itself, its place in two queues, whoever waits for it. */
  private static final int FRAME_BYTES = 256;

  private final ServerWebSocket socket;
  private final ChannelHandlerContext channel;
  private final Budget.Share share;
  private final LongSupplier nanoTime;
  private final Runnable overflow;
  private @Nullable Map<String, byte[]> waitingProgress;
  private long waitingBytes;
  private @Nullable Batch batch;

  // frames that the socket keeps because the client does not read: none may overtake them
  private int behindSocket;
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
    this.channel = ((WebSocketInternal) socket).channelHandlerContext();
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

  /** Frames that leave at once. */
  private static final class Batch {
    final ByteBuf bytes;
    final List<Promise<Void>> left = new ArrayList<>(0);
    int frames;
    int texts;

    Batch(ByteBuf bytes) {
      this.bytes = bytes;
    }
  }

  /** Writes a text; if it cannot be, it is lost. */
  void send(byte[] text) {
    if (takes() && !join(text)) {
      var _ = queue(new WebSocketFrameImpl(WebSocketFrameType.TEXT, text, true), text.length);
    }
  }

  /** Writes a text; done when it has left for the client. */
  Future<Void> write(byte[] text) {
    if (!takes()) {
      return Future.failedFuture("closed");
    }
    if (!join(text)) {
      return queue(new WebSocketFrameImpl(WebSocketFrameType.TEXT, text, true), text.length);
    }
    var left = Promise.<Void>promise();
    Objects.requireNonNull(batch).left.add(left);
    return left.future();
  }

  /** Whether another frame may be written; if there are too many, the connection is closed. */
  private boolean takes() {
    if (shut) {
      return false;
    }
    if (isOverflowing()) {
      overflow.run();
      return false;
    }
    return true;
  }

  /** Asks for a sign of life. */
  void ping() {
    if (!shut) {
      var _ = queue(WebSocketFrame.pingFrame(Buffer.buffer()), 0);
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
    flush();
    shut = true;
    waitingProgress = null;
    waits(-waitingBytes);
  }

  /** Adds a text to the batch; false if the client does not read. */
  private boolean join(byte[] text) {
    if (behindSocket > 0 || !channel.channel().isWritable()) {
      return false;
    }
    if (batch != null && batch.bytes.readableBytes() + text.length > BATCH_BYTES) {
      flush();
    }
    var joined = batch;
    if (joined == null) {
      int room = text.length + MOST_HEAD;
      joined = new Batch(channel.alloc().directBuffer(Math.max(room, 256)));
      batch = joined;
      Flushes.of(channel.channel().eventLoop()).add(this);
    }
    var bytes = joined.bytes;
    bytes.writeByte(FINAL_TEXT);
    if (text.length < SHORT) {
      bytes.writeByte(text.length);
    } else if (text.length <= MOST_SHORT) {
      bytes.writeByte(SHORT).writeShort(text.length);
    } else {
      bytes.writeByte(LONG).writeLong(text.length);
    }
    bytes.writeBytes(text);
    joined.frames++;
    joined.texts += text.length;
    begin(1, text.length);
    return true;
  }

  /** Sends what has been written. */
  void flush() {
    var all = batch;
    if (all == null) {
      return;
    }
    batch = null;
    var _ =
        channel
            .writeAndFlush(all.bytes)
            .addListener(sent -> {
              end(all.frames, all.texts);
              for (var one : all.left) {
                if (sent.isSuccess()) {
                  one.complete();
                } else {
                  one.fail(sent.cause());
                }
              }
            });
  }

  /** Gives a frame to the socket, which keeps it until the client reads. */
  private Future<Void> queue(WebSocketFrame frame, int length) {
    flush();
    begin(1, length);
    behindSocket++;
    return socket
        .writeFrame(frame)
        .onComplete(_ -> {
          behindSocket--;
          end(1, length);
        });
  }

  private void begin(int frames, int bytes) {
    if (sentFrames == 0) {
      movedAt = nanoTime.getAsLong();
    }
    sentFrames += frames;
    leaves(bytes + (long) frames * FRAME_BYTES);
  }

  private void end(int frames, int bytes) {
    sentFrames -= frames;
    movedAt = nanoTime.getAsLong();
    leaves(-bytes - (long) frames * FRAME_BYTES);
    var waiting = waitingProgress;
    if (waiting != null && !isCrowded()) {
      waitingProgress = null;
      waits(-waitingBytes);
      waiting.values().forEach(this::send);
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
