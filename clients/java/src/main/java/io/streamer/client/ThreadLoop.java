package io.streamer.client;

import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A daemon thread that ends where nothing is to be done. */
final class ThreadLoop implements Loop {
  private static final long IDLE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor executor;
  private final ClientLog log;
  private volatile @Nullable Thread thread;

  ThreadLoop(ClientLog log) {
    this.log = log;
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
      log.log(ClientLog.Level.WARNING, "a task of the client failed: " + e);
    }
  }
}
