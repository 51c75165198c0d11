package io.streamer.gateway.action;

import java.util.Comparator;
import java.util.PriorityQueue;

/** An event loop whose time is the test's. */
final class ManualLoop {
  private record Timer(long at, Runnable work) {}

  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::at));
  private long now = Long.MAX_VALUE - 1_000;
  private int started;

  final DeadlineQueue deadlines = new DeadlineQueue(this::now, this::start);

  long now() {
    return now;
  }

  private void start(Runnable work, long nanos) {
    started++;
    timers.add(new Timer(now + nanos - Long.MAX_VALUE, work));
  }

  /** How many timers were ever started. */
  int started() {
    return started;
  }

  /** Lets time pass, and does what is due meanwhile. */
  void pass(long nanos) {
    long until = now + nanos;
    while (!timers.isEmpty() && timers.peek().at() - (until - Long.MAX_VALUE) <= 0) {
      var timer = timers.poll();
      now = timer.at() + Long.MAX_VALUE;
      timer.work().run();
    }
    now = until;
  }
}
