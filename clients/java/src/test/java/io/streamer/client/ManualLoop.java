package io.streamer.client;

import io.streamer.client.internal.Loop;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A loop whose time passes when a test says so. */
final class ManualLoop implements Loop {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private record Due(long at, int number, Runnable task) {}

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Due> timers =
      new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingInt(Due::number));
  private long millis;
  private int number;

  @Override
  public long millis() {
    return millis;
  }

  @Override
  public Instant now() {
    return START.plusMillis(millis);
  }

  @Override
  public void run(Runnable task) {
    tasks.add(task);
  }

  @Override
  public Timer after(long wait, Runnable task) {
    var due = new Due(millis + Math.max(0, wait), number++, task);
    timers.add(due);
    return () -> timers.remove(due);
  }

  @Override
  public boolean here() {
    // a test's thread is the loop's: whoever waits for the loop waits for ever
    return true;
  }

  /** Does what is to be done now. */
  void settle() {
    pass(0);
  }

  void pass(long wait) {
    long until = millis + wait;
    while (true) {
      for (var task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
      var next = timers.peek();
      if (next == null || next.at() > until) {
        millis = until;
        return;
      }
      timers.remove();
      millis = next.at();
      next.task().run();
    }
  }

  /** What still waits for its time. */
  int waiting() {
    return timers.size();
  }
}
