package io.streamer.emulator.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Time that passes when a test says so: hours are over in a moment. What is due meanwhile happens
 * in its order, on the test's thread.
 */
public final class ManualClock implements Timekeeper {
  private record Pending(Instant when, Runnable task) {}

  private final List<Pending> pending = new ArrayList<>();
  private Instant now;

  /** Starts at the machine's time, by which DynamoDB Local stamps its records. */
  public ManualClock() {
    this(Instant.now());
  }

  /** Starts at a time of the test's own. */
  public ManualClock(Instant start) {
    now = start;
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public Timer at(Instant when, Runnable task) {
    synchronized (this) {
      if (when.isAfter(now)) {
        var entry = new Pending(when, task);
        pending.add(entry);
        notifyAll();
        return () -> cancel(entry);
      }
    }
    task.run();
    return () -> {};
  }

  /** Lets time pass, and what is due by then happen. */
  public void advance(Duration by) {
    due(by).forEach(entry -> entry.task().run());
  }

  /** Returns when something waits that will happen in just {@code duration} from now. */
  public synchronized void awaitTimer(Duration duration) throws InterruptedException {
    var when = now.plus(duration);
    while (pending.stream().noneMatch(entry -> entry.when().equals(when))) {
      wait();
    }
  }

  private synchronized List<Pending> due(Duration by) {
    now = now.plus(by);
    var due =
        pending.stream()
            .filter(entry -> !entry.when().isAfter(now))
            .sorted(Comparator.comparing(Pending::when))
            .toList();
    pending.removeAll(due);
    return due;
  }

  private synchronized void cancel(Pending entry) {
    pending.remove(entry);
  }
}
