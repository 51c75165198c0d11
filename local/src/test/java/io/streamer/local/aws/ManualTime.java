package io.streamer.local.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time that passes when a test says so. */
public final class ManualTime implements Timekeeper {
  private record Pending(Instant when, Runnable task) {}

  private final List<Pending> pending = new ArrayList<>();
  // close to the machine's, because DynamoDB Local stamps by that
  private Instant now = Instant.now();

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
  public void advance(Duration duration) {
    List<Pending> due;
    synchronized (this) {
      now = now.plus(duration);
      due = pending.stream().filter(entry -> !entry.when().isAfter(now)).toList();
      pending.removeAll(due);
    }
    due.forEach(entry -> entry.task().run());
  }

  /** Returns when something waits that will happen in just {@code duration} from now. */
  public synchronized void awaitTimer(Duration duration) throws InterruptedException {
    var when = now.plus(duration);
    while (pending.stream().noneMatch(entry -> entry.when().equals(when))) {
      wait();
    }
  }

  private synchronized void cancel(Pending entry) {
    pending.remove(entry);
  }
}
