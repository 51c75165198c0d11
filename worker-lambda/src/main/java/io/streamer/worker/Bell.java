package io.streamer.worker;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes the one thread that waits for it. A ring that nobody waits for is kept, once. */
final class Bell {
  private final Semaphore rings = new Semaphore(0);

  void ring() {
    rings.release();
  }

  void await(long forMs) throws InterruptedException {
    if (rings.tryAcquire(Math.max(0, forMs), TimeUnit.MILLISECONDS)) {
      rings.drainPermits();
    }
  }
}
