package io.streamer.gateway.action;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop is to look at later. One timer stands for all of it, and mostly for what has
 * long gone: to begin and to end costs no timer. The event loop owns it.
 */
final class DeadlineQueue {
  private final LongSupplier nanoTime;
  private final Timer timer;
  private final List<Line> lines = new ArrayList<>();
  private boolean armed;
  private long armedFor;

  /**
   * Nothing yet.
   *
   * @param nanoTime tells the time, as {@link System#nanoTime}
   */
  DeadlineQueue(LongSupplier nanoTime, Timer timer) {
    this.nanoTime = nanoTime;
    this.timer = timer;
  }

  /** Runs something on the event loop, later. */
  @FunctionalInterface
  interface Timer {
    void start(Runnable work, long nanos);
  }

  /** Something that is to be looked at. */
  abstract static class Entry {
    private @Nullable Line line;
    private @Nullable Entry before;
    private @Nullable Entry behind;
    private long at;

    /** Its time has come; it stands here no more. */
    abstract void due();
  }

  /** Entries whose times come in nearly the order in which they are added. */
  private static final class Line {
    private final long patience;
    private @Nullable Entry first;
    private @Nullable Entry last;

    Line(long patience) {
      this.patience = patience;
    }
  }

  /** The time by which all of it goes. */
  long now() {
    return nanoTime.getAsLong();
  }

  /**
   * Adds an entry, which stands nowhere.
   *
   * @param at by {@link #now}
   * @param patience about how long that is from now: those with the same wait in one line
   */
  void add(Entry entry, long at, long patience) {
    var line = line(patience);
    var before = line.last;
    while (before != null && before.at - at > 0) {
      before = before.before;
    }
    entry.at = at;
    entry.line = line;
    entry.before = before;
    if (before == null) {
      entry.behind = line.first;
      line.first = entry;
    } else {
      entry.behind = before.behind;
      before.behind = entry;
    }
    if (entry.behind == null) {
      line.last = entry;
    } else {
      entry.behind.before = entry;
    }
    arm(at);
  }

  /** Takes an entry out, if it is in. */
  void remove(Entry entry) {
    var line = entry.line;
    if (line == null) {
      return;
    }
    var before = entry.before;
    var behind = entry.behind;
    if (before == null) {
      line.first = behind;
    } else {
      before.behind = behind;
    }
    if (behind == null) {
      line.last = before;
    } else {
      behind.before = before;
    }
    entry.line = null;
    entry.before = null;
    entry.behind = null;
  }

  private Line line(long patience) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).patience == patience) {
        return lines.get(i);
      }
    }
    var line = new Line(patience);
    lines.add(line);
    return line;
  }

  private void arm(long at) {
    if (!armed || armedFor - at > 0) {
      // behind it: without a timer the next one is to be started
      timer.start(() -> look(at), Math.max(0, at - now()));
      armed = true;
      armedFor = at;
    }
  }

  private void look(long armedAt) {
    if (armedAt != armedFor) {
      // an earlier one was armed behind it
      return;
    }
    armed = false;
    try {
      lookAt(now());
    } finally {
      // if one throws, the others are looked at with the next timer
      armForFirst();
    }
  }

  private void lookAt(long now) {
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      for (var first = line.first; first != null && first.at - now <= 0; first = line.first) {
        remove(first);
        first.due();
      }
    }
  }

  private void armForFirst() {
    for (int i = 0; i < lines.size(); i++) {
      var first = lines.get(i).first;
      if (first != null) {
        arm(first.at);
      }
    }
  }
}
