package io.streamer.client.internal;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs one thing behind the other, on an executor that may have any number of threads: what callers
 * have given, never in the turn of what keeps the connection, and a loop's tasks in another one.
 */
public final class Teller {
  private final Executor executor;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean running;
  private volatile @Nullable Thread thread;

  public Teller(Executor executor) {
    this.executor = executor;
  }

  public void tell(Runnable what) {
    synchronized (waiting) {
      waiting.add(what);
      if (running) {
        return;
      }
      running = true;
    }
    try {
      executor.execute(this::work);
    } catch (RuntimeException | Error e) {
      // where no thread can be had now, the next to be told may get one
      synchronized (waiting) {
        running = false;
      }
      throw e;
    }
  }

  /** Whether the caller is called by this: what it waits for would wait for it. */
  public boolean here() {
    return Thread.currentThread().equals(thread);
  }

  private void work() {
    thread = Thread.currentThread();
    for (var next = next(); next != null; next = next()) {
      // a caller's own, of whatever language: what it throws must not reach what is told next
      guarded(next);
    }
  }

  /** Runs it; what it throws, of whatever kind, goes to the thread's handler and no further. */
  public static void guarded(Runnable what) {
    try {
      what.run();
    } catch (Throwable e) {
      report(e);
    }
  }

  private static void report(Throwable e) {
    var own = Thread.currentThread();
    try {
      own.getUncaughtExceptionHandler().uncaughtException(own, e);
    } catch (Throwable ignored) {
      // as little may what hears of it
    }
  }

  private @Nullable Runnable next() {
    synchronized (waiting) {
      var next = waiting.poll();
      if (next == null) {
        running = false;
        thread = null;
      }
      return next;
    }
  }
}
