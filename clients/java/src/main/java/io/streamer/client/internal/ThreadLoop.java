package io.streamer.client.internal;

import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A daemon thread that ends where nothing is to be done. */
public final class ThreadLoop implements Loop {
  private static final long IDLE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor executor;
  private final Consumer<String> failures;
  private volatile @Nullable Thread thread;

  /**
   * @param failures hears of each task that failed
   */
  public ThreadLoop(Consumer<String> failures) {
    this.failures = failures;
    this.executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var made = new Thread(task, "streamer-client");
              made.setDaemon(true);
              thread = made;
              return made;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
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
    executor.execute(() -> guarded(task));
  }

  @Override
  public Timer after(long millis, Runnable task) {
    var waiting =
        executor.schedule(() -> guarded(task), Math.max(0, millis), TimeUnit.MILLISECONDS);
    return () -> waiting.cancel(false);
  }

  @Override
  public boolean here() {
    return Thread.currentThread().equals(thread);
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      failures.accept("a task of the client failed: " + e);
    }
  }
}
