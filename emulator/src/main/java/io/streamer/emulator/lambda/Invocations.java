package io.streamer.emulator.lambda;

import io.streamer.emulator.aws.Timekeeper;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The runs under way, bounded for each function and for all together. */
final class Invocations {
  /** The most bytes an event of a synchronous call and a function's answer may have. */
  static final int MAX_BYTES = 6 * 1024 * 1024;

  private final int maxRunning;
  private final Timekeeper time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Execution> running = new HashSet<>();
  private int reserved;

  Invocations(int maxRunning, Timekeeper time) {
    this.maxRunning = maxRunning;
    this.time = time;
  }

  /**
   * Starts a run; false if there is no place.
   *
   * @param whenEnded called once, after the place is free again; must not block
   */
  boolean start(
      Function function, String requestId, Buffer event, Consumer<FunctionResult> whenEnded) {
    lock.lock();
    try {
      if (running.size() >= maxRunning || runs(function) >= function.settings().concurrency()) {
        return false;
      }
      var place = new Place(whenEnded);
      place.take(Execution.start(function, requestId, event, MAX_BYTES, time, place::end));
      return true;
    } finally {
      lock.unlock();
    }
  }

  private long runs(Function function) {
    return running.stream().filter(run -> run.function().name().equals(function.name())).count();
  }

  /** Keeps {@link #awaitIdle} waiting for something that does not run yet. */
  void reserve() {
    change(() -> reserved++);
  }

  /** Ends what {@link #reserve} began. */
  void release() {
    change(() -> reserved--);
  }

  /** Ends every run of the function as if its process had died; how many there were. */
  int kill(String function) {
    return kill(run -> run.function().name().equals(function));
  }

  /** Ends one run as if its process had died; false if it is over. */
  boolean killRun(String requestId) {
    return kill(run -> run.requestId().equals(requestId)) > 0;
  }

  /** Waits until nothing runs and nothing waits; false if {@code limit} passed before. */
  boolean awaitIdle(Duration limit) throws InterruptedException {
    var left = limit.toNanos();
    lock.lock();
    try {
      while (!running.isEmpty() || reserved > 0) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private int kill(Predicate<Execution> which) {
    List<Execution> doomed;
    lock.lock();
    try {
      doomed = running.stream().filter(which).toList();
    } finally {
      lock.unlock();
    }
    doomed.forEach(Execution::kill);
    return doomed.size();
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A run's place: it may end before the place was taken. */
  private final class Place {
    private final Consumer<FunctionResult> whenEnded;
    private Runnable give = () -> {};
    private boolean over;

    Place(Consumer<FunctionResult> whenEnded) {
      this.whenEnded = whenEnded;
    }

    void take(Execution execution) {
      change(() -> {
        if (!over) {
          running.add(execution);
          give = () -> running.remove(execution);
        }
      });
    }

    void end(FunctionResult result) {
      // before the place is free, so that idle means that what follows is known too
      reserve();
      change(() -> {
        over = true;
        give.run();
      });
      try {
        whenEnded.accept(result);
      } finally {
        release();
      }
    }
  }
}
