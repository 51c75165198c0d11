package io.streamer.client.internal;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs what callers have given, one call behind the other, on an executor of theirs or a thread of
 * the client's own; never on the thread that keeps the connection.
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
    executor.execute(this::work);
  }

  /** Whether the caller is called by this: what it waits for would wait for it. */
  public boolean here() {
    return Thread.currentThread().equals(thread);
  }

  private void work() {
    thread = Thread.currentThread();
    for (var next = next(); next != null; next = next()) {
      try {
        next.run();
      } catch (RuntimeException | Error e) {
        // a caller's own: it must not reach what is told next
        var own = Thread.currentThread();
        own.getUncaughtExceptionHandler().uncaughtException(own, e);
      }
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
