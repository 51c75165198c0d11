package io.streamer.local.apigateway;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The API Gateway emulator's time, which passes when a test says so: a socket's ten idle minutes
 * and its two hours are over in a moment. Gateway, worker and tokens keep to the machine's time.
 */
public final class ManualClock implements Clock {
  private final List<Task> waiting = new ArrayList<>();
  private long now;

  private record Task(long at, Runnable run) {}

  /** Starts at the machine's time. */
  public ManualClock() {
    this(Instant.now());
  }

  /** Starts at a time of the test's own. */
  public ManualClock(Instant start) {
    now = start.toEpochMilli();
  }

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

  /** Lets time pass, and what was due in it happen. */
  public void advance(Duration by) {
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
