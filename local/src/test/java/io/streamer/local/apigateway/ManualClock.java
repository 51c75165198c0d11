package io.streamer.local.apigateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that passes when a test says so. */
final class ManualClock implements Clock {
  /** 2026-11-21T00:00:00Z. */
  static final long START = 1_795_219_200_000L;

  private final List<Task> waiting = new ArrayList<>();
  private long now = START;

  private record Task(long at, Runnable run) {}

  @Override
  public synchronized long millis() {
    return now;
  }

  @Override
  public synchronized Timer schedule(long delayMs, Runnable run) {
    var task = new Task(now + delayMs, run);
    waiting.add(task);
    return () -> cancel(task);
  }

  private synchronized void cancel(Task task) {
    waiting.remove(task);
  }

  void advance(Duration by) {
    due(by).forEach(task -> task.run().run());
  }

  private synchronized List<Task> due(Duration by) {
    now += by.toMillis();
    var due =
        waiting.stream()
            .filter(task -> task.at() <= now)
            .sorted(Comparator.comparingLong(Task::at))
            .toList();
    waiting.removeAll(due);
    return due;
  }
}
