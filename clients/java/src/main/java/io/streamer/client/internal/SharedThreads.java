package io.streamer.client.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of all clients of the process: one that only knows when something is due, and as many
 * as have something to do, so that whoever keeps one waiting holds nobody else up. Daemons; each
 * ends when it has had nothing to do for ten seconds. A client does at most two things at a time
 * (its own work, and a call of what it was given), and asks for a token besides.
 */
public final class SharedThreads implements Executor {
  private static final long IDLE_SECONDS = 10;
  private static final ScheduledThreadPoolExecutor CLOCK = clock();
  private static final ThreadPoolExecutor THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          named("streamer-client"));

  private final ClassLoader loader = Thread.currentThread().getContextClassLoader();

  /** What it is given runs with the class loader of the thread that makes this. */
  public SharedThreads() {}

  @Override
  public void execute(Runnable task) {
    THREADS.execute(() -> {
      var own = Thread.currentThread();
      own.setContextClassLoader(loader);
      try {
        task.run();
      } finally {
        own.setContextClassLoader(SharedThreads.class.getClassLoader());
      }
    });
  }

  /** Runs what takes no time, later. */
  static ScheduledFuture<?> after(long millis, Runnable brief) {
    return CLOCK.schedule(brief, Math.max(0, millis), TimeUnit.MILLISECONDS);
  }

  private static ScheduledThreadPoolExecutor clock() {
    var clock = new ScheduledThreadPoolExecutor(1, named("streamer-client-clock"));
    clock.setRemoveOnCancelPolicy(true);
    clock.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    clock.allowCoreThreadTimeOut(true);
    return clock;
  }

  private static ThreadFactory named(String name) {
    return task -> {
      var thread = new Thread(task, name);
      thread.setDaemon(true);
      // it outlives whoever happens to need it first
      thread.setContextClassLoader(SharedThreads.class.getClassLoader());
      return thread;
    };
  }
}
