package io.streamer.worker.time;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes the one thread that waits for it. A ring that nobody waits for is kept, once. */
public final class Wakeup {
  private final Semaphore rings = new Semaphore(0);

  public void ring() {
    rings.release();
  }

  /** Waits until it rings, so many milliseconds at most. */
  public void await(long forMs) throws InterruptedException {
    if (rings.tryAcquire(Math.max(0, forMs), TimeUnit.MILLISECONDS)) {
      rings.drainPermits();
    }
  }
}
