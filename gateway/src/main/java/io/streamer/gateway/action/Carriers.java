package io.streamer.gateway.action;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps handlers that compute from holding up all others. A virtual thread that does not block
 * keeps its carrier, of which there are as many as cores; so a few that loop would stop every other
 * one for as long. When none of them has got its turn for a while, there is one carrier more: the
 * cores are then shared by the operating system. The watcher's state is owned by its thread.
 */
final class Carriers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Carriers.class);

  /** As the JDK counts them, unless it is told otherwise. */
  private static final int USUAL =
      Integer.getInteger(
          "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());

  /** The JDK's own limit of carriers, unless it is told otherwise. */
  private static final int MOST = Integer.getInteger("jdk.virtualThreadScheduler.maxPoolSize", 256);

  private static final int CALM_LOOKS = 60;

  private final Set<Running> running = ConcurrentHashMap.newKeySet();
  private final Duration patience;
  private final Thread watcher;

  /** A handler's call. */
  record Running(String action, Thread thread, long sinceNanos) {}

  /**
   * Watches from now on.
   *
   * @param patience how long none may get its turn before there is one carrier more
   */
  Carriers(Duration patience) {
    this.patience = patience;
    this.watcher = Thread.ofPlatform().daemon().name("carriers").start(this::watch);
  }

  /** The current thread calls a handler, until {@link #left}. */
  Running entered(String action) {
    var call = new Running(action, Thread.currentThread(), System.nanoTime());
    running.add(call);
    return call;
  }

  void left(Running call) {
    running.remove(call);
  }

  private void watch() {
    var scheduler = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    if (scheduler == null) {
      return;
    }
    int calm = 0;
    try {
      while (true) {
        Thread.sleep(patience);
        if (held(scheduler) && !someoneGetsOn()) {
          calm = 0;
          widen(scheduler);
        } else if (scheduler.getMountedVirtualThreadCount() < USUAL && ++calm >= CALM_LOOKS) {
          calm = 0;
          narrow(scheduler);
        }
      }
    } catch (InterruptedException _) {
      narrow(scheduler);
    }
  }

  private static boolean held(VirtualThreadSchedulerMXBean scheduler) {
    return scheduler.getMountedVirtualThreadCount() >= scheduler.getParallelism();
  }

  private boolean someoneGetsOn() throws InterruptedException {
    var turn = new CountDownLatch(1);
    probe(turn::countDown);
    return turn.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** From a fresh thread: only what comes into an empty queue of the scheduler wakes a carrier. */
  private static void probe(Runnable probe) throws InterruptedException {
    Thread.ofPlatform().daemon().start(() -> Thread.ofVirtual().start(probe)).join();
  }

  private void widen(VirtualThreadSchedulerMXBean scheduler) throws InterruptedException {
    int now = scheduler.getParallelism();
    LOG.warn(
        "every carrier of the {} is held by a handler that computes{}: such work is for jobs",
        now,
        computing());
    if (now < MOST) {
      scheduler.setParallelism(now + 1);
      probe(() -> {});
    }
  }

  private String computing() {
    var before = System.nanoTime() - patience.toNanos();
    var names =
        running.stream()
            .filter(call -> call.sinceNanos() - before < 0)
            .filter(call -> call.thread().getState() == Thread.State.RUNNABLE)
            .map(Running::action)
            .distinct()
            .sorted()
            .limit(10)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : " (" + names + ")";
  }

  private static void narrow(VirtualThreadSchedulerMXBean scheduler) {
    if (scheduler.getParallelism() > USUAL) {
      scheduler.setParallelism(USUAL);
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
