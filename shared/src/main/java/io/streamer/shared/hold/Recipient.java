package io.streamer.shared.hold;

import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.Numbered;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.push.Lanes;
import io.streamer.shared.push.Pushed;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One connection that watches a job: its frames wait here in the order of their numbers, newest
 * progress only. One load of them is under way at a time. Its state is for one thread alone.
 */
public final class Recipient {
  private static final int MOST_ABOARD = 64;
  private static final Pauses PAUSES = new Pauses(200, 5_000);
  private static final int TERMINAL_TRIES = 5;

  /**
   * So long events wait for a connection, in all, since it last took some as it should: all others
   * wait with it.
   */
  private static final long PATIENCE_MS = 30_000;

  /** A frame that takes longer holds the others up. */
  private static final long PROMPT_MS = 1_000;

  private final Route route;
  private final InstantSource clock;
  private final Deque<Parcel> waiting = new ArrayDeque<>();
  private Set<Kind> kinds;
  private boolean owner;
  private List<Parcel> aboard = List.of();
  private volatile boolean left;
  private long toldAt = Long.MAX_VALUE;
  private boolean missed;
  private boolean givenUp;
  private boolean ending;
  private int tries = Integer.MAX_VALUE;
  private long tried = Long.MIN_VALUE;
  private long leftAt;
  private boolean slow;
  private long heldUpSince = Long.MAX_VALUE;
  private long heldUpMs;
  private long pauseMs = PAUSES.firstMs();
  private long quietUntil = Long.MIN_VALUE;

  /** A job's frame on its way: what it says of itself is looked up once for all who get it. */
  public record Parcel(Numbered number, ServerFrame frame) {
    static Parcel of(ServerFrame frame) {
      return new Parcel(frame.numbered().orElseThrow(), frame);
    }

    Kind kind() {
      return number.kind();
    }

    long seq() {
      return number.seq();
    }

    /** Whether it is the one that ends the job. */
    public boolean last() {
      return kind() == Kind.TERMINAL;
    }
  }

  Recipient(Route route, Set<Kind> kinds, InstantSource clock) {
    this.route = route;
    this.clock = clock;
    this.kinds = Set.copyOf(kinds);
  }

  public Route route() {
    return route;
  }

  public boolean owner() {
    return owner;
  }

  /** It is somebody else, or wants other kinds, from here on. */
  void wants(Set<Kind> others, boolean asOwner) {
    kinds = Set.copyOf(others);
    owner = asOwner;
  }

  /** Takes a frame with a higher number than all before, if it is of a kind that is wanted. */
  void take(Parcel parcel) {
    if (!kinds.contains(parcel.kind())) {
      return;
    }
    // given up too late for that to be stored: it has no gap yet, and is not to get one
    missed |= givenUp && parcel.kind() == Kind.TERMINAL;
    if (!reachable()) {
      return;
    }
    if (closing()) {
      // whatever comes closes it
      waiting.clear();
    } else if (parcel.kind() == Kind.PROGRESS) {
      waiting.removeIf(older -> older.kind() == Kind.PROGRESS);
    }
    waiting.add(parcel);
    if (parcel.kind() == Kind.TERMINAL) {
      ending = true;
      tries = TERMINAL_TRIES;
      pauseMs = PAUSES.firstMs();
      quietUntil = Long.MIN_VALUE;
    }
  }

  /** Whether its last load was under way for long. */
  boolean slow() {
    return slow;
  }

  /** When it took the job's last frame; Long.MAX_VALUE before that. */
  long toldAt() {
    return toldAt;
  }

  /** When a load can leave; Long.MAX_VALUE if nothing waits, or one is under way. */
  long nextAt() {
    return waiting.isEmpty() || flying() ? Long.MAX_VALUE : quietUntil;
  }

  /** What leaves now: it is under way until it has {@link #landed}. */
  public List<Parcel> load() {
    leftAt = clock.millis();
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
  void landed(int sent, Pushed last) {
    var now = clock.millis();
    var load = aboard;
    if (sent > 0 && load.get(sent - 1).last()) {
      toldAt = now;
    }
    var rest = load.subList(sent, load.size());
    aboard = List.of();
    slow = now - leftAt > Lanes.LATE.toMillis() * Math.max(1, sent);
    if (left) {
      return;
    }
    holdUp(load, sent, now);
    switch (last) {
      case Pushed.Delivered _ -> pauseMs = PAUSES.firstMs();
      case Pushed.Gone _ -> leave();
      case Pushed.Failed(_, var retryable) -> failed(rest, retryable, now);
    }
  }

  /**
   * How long the others have waited for it. What is taken at the second attempt may have arrived at
   * the first, unanswered: who takes each frame like that holds up every one of them.
   */
  private void holdUp(List<Parcel> load, int sent, long now) {
    var fresh = sent > 0 && load.get(sent - 1).seq() > tried;
    if (fresh && now - leftAt <= PROMPT_MS * sent) {
      heldUpMs = 0;
    } else if (events(load)) {
      heldUpMs += now - Math.min(leftAt, heldUpSince);
    }
    var rest = load.subList(sent, load.size());
    heldUpSince = !rest.isEmpty() && (events(rest) || events(waiting)) ? now : Long.MAX_VALUE;
    tried = Math.max(tried, load.get(Math.min(sent, load.size() - 1)).seq());
  }

  private void failed(List<Parcel> rest, boolean retryable, long now) {
    quietUntil = now + pauseMs + ThreadLocalRandom.current().nextLong(pauseMs / 2 + 1);
    pauseMs = PAUSES.after(pauseMs);
    tries--;
    var first = rest.getFirst().kind();
    var again = rest;
    if (tries == 0 || (!retryable && (closing() || (ending && first != Kind.PROGRESS)))) {
      // an event left out would never be missed: rather nothing from here on
      missed = true;
      waiting.clear();
      return;
    }
    if (!retryable && first == Kind.PROGRESS) {
      again = rest.subList(1, rest.size());
    } else if (!closing() && !ending && (!retryable || heldUpMs >= PATIENCE_MS)) {
      givenUp = true;
      waiting.clear();
      return;
    } else if (closing() && !waiting.isEmpty()) {
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
  public boolean left() {
    return left;
  }

  /** Whether frames still go there. */
  boolean reachable() {
    return !left && !missed && !givenUp;
  }

  /**
   * Whether it took no events, and others waited for it long enough: it gets no more frames, and is
   * to be closed before there are more events, so that its client comes back and asks for them.
   */
  boolean givenUp() {
    return givenUp && !left && !missed && !closing();
  }

  /** Whether it is to be closed by whatever is sent there. */
  private boolean closing() {
    return route.at(clock.millis()).closing();
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
    return !left && !closing() && (givenUp || events(waiting) || events(aboard));
  }

  private static boolean events(Collection<Parcel> parcels) {
    return parcels.stream().anyMatch(parcel -> parcel.kind() == Kind.EVENT);
  }
}
