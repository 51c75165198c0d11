package io.streamer.gateway.connection;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.streamer.gateway.loop.Every;
import java.util.ArrayList;
import java.util.List;

/**
 * The outboxes of one event loop that have something to be sent: each sends it once, behind what
 * the loop already has to do, because a system call costs more than all that leads to it. The event
 * loop owns it.
 */
final class Flushes implements Runnable {
  private static final FastThreadLocal<Flushes> HERE = new FastThreadLocal<>();

  private final EventLoop loop;
  private List<SendQueue> waiting = new ArrayList<>();
  private List<SendQueue> flushing = new ArrayList<>();

  private Flushes(EventLoop loop) {
    this.loop = loop;
  }

  /** Those of the current thread, which is the event loop. */
  static Flushes of(EventLoop loop) {
    var here = HERE.get();
    if (here == null) {
      here = new Flushes(loop);
      HERE.set(here);
    }
    return here;
  }

  /** Has an outbox flushed in a moment. */
  void add(SendQueue outbox) {
    if (waiting.isEmpty()) {
      loop.execute(this);
    }
    waiting.add(outbox);
  }

  @Override
  public void run() {
    // what is flushed may want to be flushed again
    var now = waiting;
    waiting = flushing;
    flushing = now;
    try {
      Every.one(now, SendQueue::flush);
    } finally {
      now.clear();
    }
  }
}
