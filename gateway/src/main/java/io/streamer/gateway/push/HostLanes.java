package io.streamer.gateway.push;

import io.streamer.shared.push.Lanes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.SequencedSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What may be under way to one host, in the order in which it was asked for. Connections that took
 * long the last time, and calls that are not answered for a while, have lanes of their own: all
 * others go on. Safe for all threads.
 */
final class HostLanes {
  /** Connections that are known to be slow. */
  private static final int MOST_SLOW = 10_000;

  private final Bounds bounds;
  private final LongSupplier millis;
  private final Alarm alarm;
  private final Lanes<Passage> lanes;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private final Queue<Waiting> waitingSlow = new ArrayDeque<>();
  private final SequencedSet<String> slow = new LinkedHashSet<>();
  private long lookAt = Long.MAX_VALUE;

  /**
   * How much there may be.
   *
   * @param most calls at a time
   * @param mostLate calls at a time that are late, besides the others
   * @param mostWaiting for lanes of either kind
   * @param lateMs after which a call is late
   * @param patienceMs after which a call that has not begun is given up
   */
  record Bounds(int most, int mostLate, int mostWaiting, long lateMs, long patienceMs) {}

  /** Has something done after so many milliseconds. */
  @FunctionalInterface
  interface Alarm {
    void in(long ms, Runnable look);
  }

  /** A call that is under way. */
  static final class Passage {
    private final String connection;
    private final long begunAt;

    private Passage(String connection, long begunAt) {
      this.connection = connection;
      this.begunAt = begunAt;
    }
  }

  private record Waiting(
      String connection, long askedAt, Consumer<Passage> begin, Runnable giveUp) {}

  /**
   * Free lanes.
   *
   * @param millis tells the time, which passes evenly
   */
  HostLanes(Bounds bounds, LongSupplier millis, Alarm alarm) {
    this.bounds = bounds;
    this.millis = millis;
    this.alarm = alarm;
    this.lanes = new Lanes<>(bounds.most(), bounds.mostLate(), bounds.lateMs());
  }

  /** A lane, to be given back by {@link #end}; null if there is none now. */
  synchronized @Nullable Passage take(String connection) {
    boolean isSlow = slow.contains(connection);
    long now = millis.getAsLong();
    return line(isSlow).isEmpty() && lanes.isFree(isSlow, now)
        ? begin(connection, isSlow, now)
        : null;
  }

  /**
   * Takes a lane as soon as there is one for this connection.
   *
   * @param begin is run then, on any thread
   * @param giveUp is run in place of it where too many wait, or it would wait for too long
   */
  void await(String connection, Consumer<Passage> begin, Runnable giveUp) {
    boolean queued = queue(new Waiting(connection, millis.getAsLong(), begin, giveUp));
    if (!queued) {
      giveUp.run();
    }
    // a lane may have come free meanwhile
    look();
  }

  private synchronized boolean queue(Waiting one) {
    var line = line(slow.contains(one.connection()));
    return line.size() < bounds.mostWaiting() && line.add(one);
  }

  /** The call has ended. */
  void end(Passage passage) {
    ended(passage);
    look();
  }

  private synchronized void ended(Passage passage) {
    lanes.end(passage);
    slow.remove(passage.connection);
    if (millis.getAsLong() - passage.begunAt >= bounds.lateMs()) {
      slow.add(passage.connection);
      if (slow.size() > MOST_SLOW) {
        slow.removeFirst();
      }
    }
  }

  private void look() {
    // outside: whoever begins may ask for more
    due().forEach(Runnable::run);
  }

  private synchronized List<Runnable> due() {
    long now = millis.getAsLong();
    if (now >= lookAt) {
      lookAt = Long.MAX_VALUE;
    }
    var due = new ArrayList<Runnable>();
    for (boolean isSlow : new boolean[] {false, true}) {
      var line = line(isSlow);
      while (!line.isEmpty() && now - line.element().askedAt() >= bounds.patienceMs()) {
        due.add(line.remove().giveUp());
      }
      while (!line.isEmpty() && lanes.isFree(isSlow, now)) {
        var next = line.remove();
        var passage = begin(next.connection(), isSlow, now);
        due.add(() -> next.begin().accept(passage));
      }
    }
    lookAgain(now);
    return due;
  }

  private void lookAgain(long now) {
    long next = Long.MAX_VALUE;
    if (!waiting.isEmpty()) {
      next = Math.min(lanes.freeAt(now), waiting.element().askedAt() + bounds.patienceMs());
    }
    if (!waitingSlow.isEmpty()) {
      next = Math.min(next, waitingSlow.element().askedAt() + bounds.patienceMs());
    }
    if (next < lookAt) {
      lookAt = next;
      alarm.in(Math.max(1, next - now), this::look);
    }
  }

  private Queue<Waiting> line(boolean ofTheSlow) {
    return ofTheSlow ? waitingSlow : waiting;
  }

  private Passage begin(String connection, boolean isSlow, long now) {
    var passage = new Passage(connection, now);
    lanes.begin(passage, isSlow, now);
    return passage;
  }
}
