package io.streamer.gateway.action;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;
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

  /** Handlers' calls that can be named at a time, a power of two; the others are not missed. */
  private static final int NAMED = 1_024;

  private static final int TRIES = 8;

  private final AtomicReferenceArray<@Nullable Running> running = new AtomicReferenceArray<>(NAMED);
  private final Duration patience;
  private final Thread watcher;

  /** A handler's call. */
  record Running(String action, Thread thread, long sinceNanos, int place) {}

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
    var thread = Thread.currentThread();
    // threads that are made one behind the other begin far apart
    int first = (int) ((thread.threadId() * 0x9E3779B97F4A7C15L) >>> 54);
    for (int i = 0; i < TRIES; i++) {
      int place = (first + i) & (NAMED - 1);
      if (running.getPlain(place) == null) {
        var call = new Running(action, thread, System.nanoTime(), place);
        // at worst it takes the place of another that came in this moment
        running.setRelease(place, call);
        return call;
      }
    }
    return new Running(action, thread, System.nanoTime(), -1);
  }

  @SuppressWarnings("ReferenceEquality") // its place may be another call's by now
  void left(Running call) {
    if (call.place() >= 0 && running.getPlain(call.place()) == call) {
      running.setRelease(call.place(), null);
    }
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
        IntStream.range(0, NAMED)
            .mapToObj(running::getAcquire)
            .filter(Objects::nonNull)
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
