package io.streamer.local.lambda;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The runs under way, each on a virtual thread, and those that wait for a place; both bounded. */
final class Invocations {
  private final int maxRunning;
  private final int maxWaiting;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int running;

  Invocations(int maxRunning, int maxWaiting) {
    this.maxRunning = maxRunning;
    this.maxWaiting = maxWaiting;
  }

  /** Runs it now; false, and nothing happens, if there is no place. */
  boolean start(Runnable run) {
    return accept(run, 0);
  }

  /** Runs it now or when there is a place; false, and nothing happens, if too many are waiting. */
  boolean enqueue(Runnable run) {
    return accept(run, maxWaiting);
  }

  /** Waits until nothing runs and nothing waits; false if {@code limit} passed before. */
  boolean awaitIdle(Duration limit) throws InterruptedException {
    var left = limit.toNanos();
    lock.lock();
    try {
      while (running > 0) {
        if (left <= 0) {
          return false;
        }
        left = idle.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean accept(Runnable run, int places) {
    lock.lock();
    try {
      if (running < maxRunning) {
        running++;
      } else if (waiting.size() < places) {
        return waiting.add(run);
      } else {
        return false;
      }
    } finally {
      lock.unlock();
    }
    launch(run);
    return true;
  }

  private void launch(Runnable run) {
    Thread.ofVirtual()
        .name("lambda")
        .start(() -> {
          try {
            run.run();
          } finally {
            next();
          }
        });
  }

  private void next() {
    Runnable next;
    lock.lock();
    try {
      next = waiting.poll();
      if (next == null) {
        running--;
        if (running == 0) {
          idle.signalAll();
        }
        return;
      }
    } finally {
      lock.unlock();
    }
    launch(next);
  }
}
