package io.streamer.worker;

import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.push.Pushed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One connection that watches a job: its frames wait here in the order of their numbers, newest
 * progress only. One load of them is under way at a time. For the runner's thread alone.
 */
final class Target {
  private static final int MOST_ABOARD = 64;
  private static final long FIRST_PAUSE_MS = 200;
  private static final long LONGEST_PAUSE_MS = 5000;
  private static final int TERMINAL_TRIES = 5;

  private final Route route;
  private final Deque<Parcel> waiting = new ArrayDeque<>();
  private Set<Kind> kinds;
  private boolean owner;
  private long lastLoad;
  private List<Parcel> aboard = List.of();
  private volatile boolean left;
  private boolean missed;
  private int tries = Integer.MAX_VALUE;
  private long pauseMs = FIRST_PAUSE_MS;
  private long quietUntil = Long.MIN_VALUE;

  /** A frame and what kind it is. */
  record Parcel(Kind kind, long seq, ServerFrame frame) {}

  Target(Route route, Set<Kind> kinds) {
    this.route = route;
    this.kinds = EnumSet.copyOf(kinds);
  }

  Route route() {
    return route;
  }

  boolean owner() {
    return owner;
  }

  /** It is somebody else, or wants other kinds, from here on. */
  void wants(Set<Kind> others, boolean asOwner) {
    kinds = EnumSet.copyOf(others);
    owner = asOwner;
  }

  /** Takes a frame with a higher number than all before, if it is of a kind that is wanted. */
  void take(Parcel parcel) {
    if (!reachable() || !kinds.contains(parcel.kind())) {
      return;
    }
    if (parcel.kind() == Kind.PROGRESS) {
      waiting.removeIf(older -> older.kind() == Kind.PROGRESS);
    }
    waiting.add(parcel);
    if (parcel.kind() == Kind.TERMINAL) {
      tries = TERMINAL_TRIES;
      pauseMs = FIRST_PAUSE_MS;
      quietUntil = Long.MIN_VALUE;
    }
  }

  /** Which load was the last that left for it. */
  long lastLoad() {
    return lastLoad;
  }

  /** Whether a load could leave now. */
  boolean ready(long now) {
    return !waiting.isEmpty() && aboard.isEmpty() && now >= quietUntil;
  }

  /** When a load can leave; Long.MAX_VALUE if nothing waits, or one is under way. */
  long nextAt() {
    return waiting.isEmpty() || flying() ? Long.MAX_VALUE : quietUntil;
  }

  /**
   * What leaves now: it is under way until it has {@link #landed}.
   *
   * @param n counts up with every load of a job
   */
  List<Parcel> load(long n) {
    lastLoad = n;
    var load = new ArrayList<Parcel>();
    while (!waiting.isEmpty() && load.size() < MOST_ABOARD) {
      load.add(waiting.remove());
    }
    aboard = List.copyOf(load);
    return aboard;
  }

  /**
   * The load is no longer under way.
   *
   * @param sent how many of its frames were taken
   * @param last what became of the one behind those, if there is one
   */
  void landed(int sent, Pushed last, long now) {
    var rest = aboard.subList(sent, aboard.size());
    aboard = List.of();
    if (left) {
      return;
    }
    switch (last) {
      case Pushed.Delivered _ -> pauseMs = FIRST_PAUSE_MS;
      case Pushed.Gone _ -> leave();
      case Pushed.Failed(_, var retryable) -> failed(rest, retryable, now);
    }
  }

  private void failed(List<Parcel> rest, boolean retryable, long now) {
    quietUntil = now + pauseMs + ThreadLocalRandom.current().nextLong(pauseMs / 2 + 1);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    tries--;
    var first = rest.getFirst().kind();
    var again = rest;
    if (!retryable && first == Kind.PROGRESS) {
      again = rest.subList(1, rest.size());
    } else if (!retryable || tries == 0) {
      // an event left out would never be missed: rather nothing from here on
      missed = true;
      waiting.clear();
      return;
    }
    var newer = waiting.stream().anyMatch(parcel -> parcel.kind() == Kind.PROGRESS);
    for (var parcel : again.reversed()) {
      if (parcel.kind() != Kind.PROGRESS || !newer) {
        waiting.addFirst(parcel);
      }
    }
  }

  /** The connection has closed, or does not watch the job any more. */
  void leave() {
    left = true;
    waiting.clear();
  }

  /** Whether nothing more is to be sent there; for any thread. */
  boolean left() {
    return left;
  }

  /** Whether frames still go there. */
  boolean reachable() {
    return !left && !missed;
  }

  boolean flying() {
    return !aboard.isEmpty();
  }

  /** Whether it could not be reached, though it did not leave. */
  boolean missed() {
    return missed && !left;
  }

  /** Whether it has all that it was given, or never will. */
  boolean done() {
    return waiting.isEmpty() && (left || aboard.isEmpty());
  }

  /** Whether events are waiting for it or under way. */
  boolean awaitsEvents() {
    return !left
        && (waiting.stream().anyMatch(parcel -> parcel.kind() == Kind.EVENT)
            || aboard.stream().anyMatch(parcel -> parcel.kind() == Kind.EVENT));
  }
}
