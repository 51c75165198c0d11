package io.streamer.gateway.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Time that passes when a test says so, and what is due then. */
final class ManualTimers implements RefreshTimers, InstantSource {
  private record Due(Instant at, Duration delay, Runnable task) {}

  private final List<Due> waiting = new ArrayList<>();
  private Instant now;

  ManualTimers(Instant start) {
    now = start;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized Runnable after(Duration delay, Runnable task) {
    var due = new Due(now.plus(delay), delay, task);
    waiting.add(due);
    return () -> cancel(due);
  }

  private synchronized void cancel(Due due) {
    waiting.remove(due);
  }

  /** The delays of all timers that have not rung. */
  synchronized List<Duration> delays() {
    return waiting.stream().map(Due::delay).toList();
  }

  /** Lets time pass and rings what is due. */
  void advance(Duration by) {
    List<Due> ringing;
    synchronized (this) {
      now = now.plus(by);
      ringing = waiting.stream().filter(due -> !due.at().isAfter(now)).toList();
      waiting.removeAll(ringing);
    }
    ringing.forEach(due -> due.task().run());
  }

  /** Lets time pass without ringing anything: timers may be late. */
  synchronized void leap(Duration by) {
    now = now.plus(by);
  }
}
