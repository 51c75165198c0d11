package io.streamer.client.internal;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A client's tasks, one at a time, on threads that clients share. */
public final class SharedLoop implements Loop {
  private final Teller turns;
  private final Consumer<String> failures;

  /**
   * @param failures hears of each task that failed
   */
  public SharedLoop(SharedThreads threads, Consumer<String> failures) {
    this.turns = new Teller(threads);
    this.failures = failures;
  }

  @Override
  public long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public void run(Runnable task) {
    turns.tell(() -> guarded(task));
  }

  @Override
  public Timer after(long millis, Runnable task) {
    var due = new Due(task);
    var waiting = SharedThreads.after(millis, () -> run(due));
    return () -> {
      due.cancelled = true;
      waiting.cancel(false);
    };
  }

  @Override
  public boolean here() {
    return turns.here();
  }

  /** May be cancelled when its time has come already and it waits for its turn. */
  private static final class Due implements Runnable {
    private final Runnable task;
    private volatile boolean cancelled;

    Due(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (!cancelled) {
        task.run();
      }
    }
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (Exception e) {
      // also a checked one, as Kotlin throws them
      failures.accept("a task of the client failed: " + e);
    }
  }
}
