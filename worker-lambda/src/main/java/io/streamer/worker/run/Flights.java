package io.streamer.worker.run;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is under way for one job. Each has a platform thread: a handler's own virtual threads may
 * hold every carrier for as long as they compute.
 */
final class Flights {
  private final ExecutorService threads;
  private final Set<Flight> underWay = ConcurrentHashMap.newKeySet();

  private final class Flight implements Runnable {
    private final Runnable work;
    private @Nullable Thread thread;
    private boolean interrupted;

    private Flight(Runnable work) {
      this.work = work;
    }

    @Override
    public void run() {
      enter();
      try {
        work.run();
      } finally {
        underWay.remove(this);
        leave();
      }
    }

    private synchronized void enter() {
      thread = Thread.currentThread();
      if (interrupted) {
        thread.interrupt();
      }
    }

    /** The thread is another's from here on. */
    private synchronized void leave() {
      thread = null;
      var _ = Thread.interrupted();
    }

    private synchronized void interrupt() {
      interrupted = true;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

  /** Has nothing to do yet. */
  Flights(String name) {
    threads =
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name(name + "-", 0).factory());
  }

  void start(Runnable work) {
    var flight = new Flight(work);
    underWay.add(flight);
    threads.execute(flight);
  }

  /** Interrupts whatever is under way. */
  void interrupt() {
    underWay.forEach(Flight::interrupt);
  }

  /** Interrupts whatever is under way and waits for its end, so long at most. */
  void close(Duration atMost) {
    interrupt();
    threads.shutdown();
    try {
      var _ = threads.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
