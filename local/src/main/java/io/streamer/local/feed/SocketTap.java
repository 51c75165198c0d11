package io.streamer.local.feed;

import io.streamer.gateway.socket.Tap;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a gateway's messages off its event loops, while it is open. A thread of its own reads them;
 * 4,096 of them and 8 MB may wait for it, and the oldest are left out beyond that. No event loop
 * waits, and while it is closed nothing is taken.
 */
public final class SocketTap implements Tap {
  private static final Logger LOG = LoggerFactory.getLogger(SocketTap.class);
  static final int MOST_MESSAGES = 4_096;
  static final int MOST_BYTES = 8 * 1024 * 1024;

  private final SocketMessages messages;
  private final InstantSource clock;
  private final BooleanSupplier open;
  private final Executor reader;
  private final Queue<Message> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicBoolean reading = new AtomicBoolean();

  /**
   * For a feed.
   *
   * @param open whether messages are taken
   */
  public SocketTap(SocketMessages messages, InstantSource clock, BooleanSupplier open) {
    this(messages, clock, open, work -> Thread.ofVirtual().name("feed-frames").start(work));
  }

  SocketTap(SocketMessages messages, InstantSource clock, BooleanSupplier open, Executor reader) {
    this.open = open;
    this.messages = messages;
    this.clock = clock;
    this.reader = reader;
  }

  @Override
  public boolean isOpen() {
    return open.getAsBoolean();
  }

  @Override
  public void passed(String connection, boolean fromClient, byte[] text) {
    waiting.add(new Message(clock.millis(), "direct", connection, fromClient, Buffer.buffer(text)));
    count.incrementAndGet();
    bytes.addAndGet(text.length);
    while ((count.get() > MOST_MESSAGES || bytes.get() > MOST_BYTES) && take() != null) {
      // the feed misses it
    }
    if (reading.compareAndSet(false, true)) {
      reader.execute(this::read);
    }
  }

  private @Nullable Message take() {
    var oldest = waiting.poll();
    if (oldest != null) {
      count.decrementAndGet();
      bytes.addAndGet(-oldest.utf8().length());
    }
    return oldest;
  }

  private void read() {
    do {
      for (var next = take(); next != null; next = take()) {
        show(next);
      }
      reading.set(false);
    } while (!waiting.isEmpty() && reading.compareAndSet(false, true));
  }

  private void show(Message message) {
    try {
      messages.passed(message);
    } catch (RuntimeException e) {
      // whoever looks on stands in nobody's way
      LOG.debug("a message of {} cannot be shown", message.connection(), e);
    }
  }
}
