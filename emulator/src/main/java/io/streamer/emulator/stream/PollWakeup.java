package io.streamer.emulator.stream;

import io.streamer.emulator.aws.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The one lock of a pump and the one signal for everything its threads wait for: all they share is
 * changed and read here. After {@link #close}, waiting ends by an InterruptedException.
 */
final class PollWakeup {
  private final Timekeeper time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rung = lock.newCondition();
  private long wakes;
  private boolean closed;

  PollWakeup(Timekeeper time) {
    this.time = time;
  }

  Instant now() {
    return time.now();
  }

  /** Makes a change that others may be waiting for. */
  void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Looks at what is shared. */
  <T> T read(Supplier<T> look) {
    lock.lock();
    try {
      return look.get();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the pauses between reads; the answer numbers this call. */
  long wake() {
    return read(() -> {
      wakes++;
      rung.signalAll();
      return wakes;
    });
  }

  /** How often {@link #wake} was called. */
  long wakes() {
    return read(() -> wakes);
  }

  void close() {
    change(() -> closed = true);
  }

  boolean isClosed() {
    return read(() -> closed);
  }

  /** Waits until {@code ready}, looked at under the lock. */
  void await(BooleanSupplier ready) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!ready.getAsBoolean()) {
        mustBeOpen();
        rung.await();
      }
      mustBeOpen();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until {@code ready} or until {@code limit} has passed. */
  void await(BooleanSupplier ready, Duration limit) throws InterruptedException {
    var end = time.now().plus(limit);
    var timer = time.at(end, () -> change(() -> {}));
    try {
      await(() -> ready.getAsBoolean() || !time.now().isBefore(end));
    } finally {
      timer.cancel();
    }
  }

  private void mustBeOpen() throws InterruptedException {
    if (closed) {
      throw new InterruptedException("the pump is closed");
    }
  }
}
