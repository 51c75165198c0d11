package io.streamer.gateway.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.streamer.gateway.loop.Every;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is on its way to one client. Its socket's event loop owns it. */
final class SendQueue {
  /** Bytes on their way above which progress waits, newest only. */
  private static final long CROWDED = 64 * 1024;

  /** Bytes on their way at which the client is cut off: it resumes when it can read again. */
  private static final long OVERFLOWING = 1024 * 1024;

  /** What leaves at once has about so much, unless one frame alone has more. */
  private static final int BATCH_BYTES = 16 * 1024;

  private static final int MOST_HEAD = 10;
  private static final int FINAL = 0x80;
  private static final int TEXT = 0x1;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xA;
  private static final byte[] NOTHING = {};
  private static final int SHORT = 126;
  private static final int LONG = 127;
  private static final int MOST_SHORT = 0xFFFF;

  /** Of each frame besides its bytes: itself, its place in two queues, whoever waits for it. */
  private static final int FRAME_BYTES = 256;

  private final Channel channel;
  private final Budget.Share share;
  private final LongSupplier nanoTime;
  private final Runnable overflow;
  private @Nullable Map<String, byte[]> waitingProgress;
  private long waitingBytes;
  private @Nullable Batch batch;

  // for room in the channel, because the client does not read: none may overtake them
  private @Nullable Deque<Waiting> waitingFrames;
  private boolean filling;
  private boolean putting;
  private boolean last;
  private long sentBytes;
  private int sentFrames;
  private long movedAt;
  private boolean shut;

  /**
   * An empty queue.
   *
   * @param overflow is run when the client has left too much unread, and when a frame is lost
   */
  SendQueue(Channel channel, Budget.Share share, LongSupplier nanoTime, Runnable overflow) {
    this.channel = channel;
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
    int payload;

    Batch(ByteBuf bytes) {
      this.bytes = bytes;
    }
  }

  /** A frame for which there is no room yet. */
  private static final class Waiting {
    final int head;
    final byte[] payload;
    final @Nullable Promise<Void> left;

    Waiting(int head, byte[] payload, @Nullable Promise<Void> left) {
      this.head = head;
      this.payload = payload;
      this.left = left;
    }
  }

  /** Writes a text; if it cannot be, it is lost. */
  void send(byte[] text) {
    if (takes()) {
      put(FINAL | TEXT, text, null);
    }
  }

  /** Writes a text; done when it has left for the client. */
  Future<Void> write(byte[] text) {
    if (!takes()) {
      return Future.failedFuture("closed");
    }
    var left = Promise.<Void>promise();
    put(FINAL | TEXT, text, left);
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
      put(FINAL | PING, NOTHING, null);
    }
  }

  /** Answers a ping. */
  void pong(ByteBuf payload) {
    if (takes()) {
      put(FINAL | PONG, ByteBufUtil.getBytes(payload), null);
    }
  }

  /**
   * Says goodbye, behind all that waits; nothing is taken afterwards.
   *
   * @param status negative for none
   */
  void goodbye(int status, String reason) {
    shut();
    byte[] payload = NOTHING;
    if (status >= 0) {
      var text = reason.getBytes(UTF_8);
      payload =
          ByteBuffer.allocate(Short.BYTES + text.length).putShort((short) status).put(text).array();
    }
    put(FINAL | CLOSE, payload, null);
    flush();
  }

  /** Both sides have said goodbye: ends the connection behind what waits. */
  void endOnceSent() {
    last = true;
    if (waitingFrames == null) {
      flush();
      var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** Keeps a job's progress until there is room, in place of the one before. */
  void keep(String jobId, byte[] progress) {
    if (!takes()) {
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

  /** Takes a frame: among those that leave at once, or behind those for which there is no room. */
  private void put(int head, byte[] payload, @Nullable Promise<Void> left) {
    // a flush may have more written
    boolean inside = putting;
    putting = true;
    try {
      begin(1, payload.length);
      if (waitingFrames == null && !channel.isWritable()) {
        // what is written already goes first, and may make room: nobody is told of that later
        flush();
      }
      if (waitingFrames != null || !channel.isWritable()) {
        wait(new Waiting(head, payload, left));
      } else {
        join(head, payload, left);
      }
    } catch (Throwable e) {
      Every.step(() -> end(1, payload.length), this::lost);
      throw e;
    } finally {
      putting = inside;
    }
  }

  /** A frame could not be written: none comes behind it, and the client comes back for it. */
  private void lost() {
    shut = true;
    Every.step(this::drop, overflow);
  }

  private void wait(Waiting frame) {
    var waiting = waitingFrames;
    if (waiting == null) {
      waiting = new ArrayDeque<>();
      waitingFrames = waiting;
    }
    waiting.add(frame);
  }

  /** There is room in the channel again. */
  void room() {
    var waiting = waitingFrames;
    // each flush may find that there is room
    if (waiting == null || filling) {
      return;
    }
    filling = true;
    try {
      while (channel.isWritable() && !waiting.isEmpty()) {
        fill(waiting);
      }
    } finally {
      filling = false;
    }
    if (waiting.isEmpty()) {
      waitingFrames = null;
      if (last) {
        endOnceSent();
      }
    }
  }

  private void fill(Deque<Waiting> waiting) {
    int bytes = 0;
    while (bytes < BATCH_BYTES) {
      var next = waiting.poll();
      if (next == null) {
        break;
      }
      try {
        join(next.head, next.payload, next.left);
      } catch (Throwable e) {
        Every.step(() -> drop(next), this::lost);
        throw e;
      }
      bytes += next.payload.length + MOST_HEAD;
    }
    flush();
  }

  private void join(int head, byte[] payload, @Nullable Promise<Void> left) {
    if (batch != null && batch.bytes.readableBytes() + payload.length > BATCH_BYTES) {
      flush();
    }
    var joined = batch;
    if (joined == null) {
      int room = payload.length + MOST_HEAD;
      joined = new Batch(channel.alloc().directBuffer(Math.max(room, 256)));
      batch = joined;
      Flushes.of(channel.eventLoop()).add(this);
    }
    // all of a frame, or nothing
    var bytes = joined.bytes.ensureWritable(payload.length + MOST_HEAD);
    if (left != null) {
      joined.left.add(left);
    }
    bytes.writeByte(head);
    if (payload.length < SHORT) {
      bytes.writeByte(payload.length);
    } else if (payload.length <= MOST_SHORT) {
      bytes.writeByte(SHORT).writeShort(payload.length);
    } else {
      bytes.writeByte(LONG).writeLong(payload.length);
    }
    bytes.writeBytes(payload);
    joined.frames++;
    joined.payload += payload.length;
  }

  /** Sends what has been written. */
  void flush() {
    var all = batch;
    if (all == null) {
      return;
    }
    batch = null;
    try {
      var _ = channel.writeAndFlush(all.bytes).addListener(sent -> over(all, sent.cause()));
    } catch (Throwable e) {
      Every.step(() -> over(all, e), this::lost);
      throw e;
    }
  }

  private void over(Batch all, @Nullable Throwable why) {
    try {
      end(all.frames, all.payload);
    } finally {
      if (putting && !all.left.isEmpty()) {
        // whoever waited for it may write what is behind the frame that has no place yet
        channel.eventLoop().execute(() -> tell(all.left, why));
      } else {
        tell(all.left, why);
      }
    }
  }

  private static void tell(List<Promise<Void>> left, @Nullable Throwable why) {
    Every.one(
        left,
        one -> {
          if (why == null) {
            one.complete();
          } else {
            one.fail(why);
          }
        });
  }

  /** The connection has ended: what waits for room is lost. */
  void drop() {
    var waiting = waitingFrames;
    waitingFrames = null;
    if (waiting != null) {
      var all = List.copyOf(waiting);
      waiting.clear();
      Every.one(all, this::drop);
    }
  }

  private void drop(Waiting frame) {
    end(1, frame.payload.length);
    if (frame.left != null) {
      frame.left.fail("closed");
    }
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
