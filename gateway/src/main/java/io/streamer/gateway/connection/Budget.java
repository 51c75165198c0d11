package io.streamer.gateway.connection;

import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongSupplier;

/**
 * How much this task keeps for all its connections: frames on their way out, and what came in and
 * is not handled yet. Above the bound those for whom most is kept are closed, and cut off if they
 * were being closed already: a goodbye waits behind what the client does not read. Each has a bound
 * of its own, but memory is for fewer than may connect. Safe for all threads.
 */
final class Budget {
  /** Looking at every connection costs a millisecond or so. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** A share tells of its changes once they add up to this: most frames come and go below it. */
  private static final int TOLD_BYTES = 4 * 1024;

  /** Written with each frame: who looks may learn of it a moment later. */
  private static final AtomicLongFieldUpdater<Share> KEPT =
      AtomicLongFieldUpdater.newUpdater(Share.class, "kept");

  private static final Comparator<Holder> LEAVING_FIRST =
      Comparator.comparing(holder -> !holder.leaving());

  private record Holder(SocketSession session, boolean leaving, long kept) {}

  private final long most;
  private final Registry registry;
  private final LongSupplier nanoTime;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong relievedAt;

  /**
   * A budget of which nothing is used.
   *
   * @param most bytes
   */
  Budget(long most, Registry registry, LongSupplier nanoTime) {
    this.most = most;
    this.registry = registry;
    this.nanoTime = nanoTime;
    this.relievedAt = new AtomicLong(nanoTime.getAsLong() - PAUSE_NANOS);
  }

  /** What is kept for all, but for shares' changes that are not told of yet. */
  long kept() {
    return bytes.get();
  }

  Share share() {
    return new Share();
  }

  /** What is kept for one connection. Its event loop changes it, all may look. */
  final class Share {
    private volatile long kept;
    private long told;
    private boolean over;

    long kept() {
      return kept;
    }

    /** So many bytes more, or fewer, are kept. */
    void add(long change) {
      long now = kept + change;
      KEPT.lazySet(this, now);
      if (!over && Math.abs(now - told) >= TOLD_BYTES) {
        tell(now);
      }
    }

    /** The connection has ended: what was kept for it went with it. */
    void end() {
      if (!over) {
        over = true;
        tell(0);
      }
    }

    private void tell(long now) {
      long change = now - told;
      told = now;
      if (bytes.addAndGet(change) > most && change > 0) {
        relieve();
      }
    }
  }

  private void relieve() {
    long now = nanoTime.getAsLong();
    long before = relievedAt.get();
    if (now - before < PAUSE_NANOS || !relievedAt.compareAndSet(before, now)) {
      return;
    }
    var fullest =
        registry.all().stream()
            .map(session -> new Holder(session, session.isClosing(), session.line().kept()))
            .filter(holder -> holder.kept() > 0)
            .sorted(LEAVING_FIRST.thenComparing(Comparator.comparingLong(Holder::kept).reversed()))
            .iterator();
    long over = bytes.get() - most / 8 * 7;
    while (over > 0 && fullest.hasNext()) {
      var holder = fullest.next();
      if (holder.leaving()) {
        holder.session().line().cut();
      } else {
        holder.session().close(CloseCode.OVERLOADED);
      }
      over -= holder.kept();
    }
  }
}
