package io.streamer.gateway.action;

import io.streamer.gateway.action.Ticket.Verdict;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How many calls of one action run at once in this gateway, and the calls that wait for a place.
 * Connections take turns: whoever asks for a thousand things stands in front of another with one of
 * them. Where no more may wait, who has the most waiting gives up its newest for one of a
 * connection that has fewer; so a greedy client is refused before the others. A handler that never
 * ends keeps its places and lets those of its action wait in vain, for as long as a call is
 * patient; other actions have places of their own. Safe for all threads.
 */
final class ActionPlaces {
  private static final long COME_BACK_MS = 1_000;

  private final String action;
  private final int places;
  private final int mostWaiting;
  private final long mostBytes;
  private final AtomicInteger ofAll;
  private final AtomicInteger taken = new AtomicInteger();
  private final Map<String, Line> lines = new HashMap<>();
  private final Queue<Line> turns = new ArrayDeque<>();

  /** Changed by whoever holds the lock. */
  private final AtomicInteger waiting = new AtomicInteger();

  private long bytes;
  private boolean closed;

  /** What waits of one connection, in the order in which it came. */
  private static final class Line {
    final String connection;
    final Deque<Ticket> tickets = new ArrayDeque<>();
    long bytes;

    Line(String connection) {
      this.connection = connection;
    }
  }

  /**
   * Free places.
   *
   * @param mostBytes of the payloads of the calls that wait
   * @param ofAll counts the calls that wait, those of other actions among them
   */
  ActionPlaces(String action, int places, int mostWaiting, long mostBytes, AtomicInteger ofAll) {
    this.action = action;
    this.places = places;
    this.mostWaiting = mostWaiting;
    this.mostBytes = mostBytes;
    this.ofAll = ofAll;
  }

  /** Takes a place now, to be {@link #leave left}; false if none is free, or others wait. */
  boolean enter() {
    return waiting.get() == 0 && take();
  }

  private boolean take() {
    for (int now = taken.get(); now < places; now = taken.get()) {
      if (taken.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Waits for a place; what came of it is told to the ticket.
   *
   * @param asker may have gone: then it does not wait
   */
  void await(Ticket ticket, Waiting asker) {
    if (!stand(ticket)) {
      ticket.tell(Verdict.REFUSED);
      return;
    }
    serve();
    // behind it: whoever ends then takes it out
    if (!asker.isConnected() && withdraw(ticket)) {
      ticket.tell(Verdict.GONE);
    }
  }

  /** Gives a place back; whose turn it is has it. */
  void leave() {
    taken.decrementAndGet();
    if (waiting.get() > 0) {
      serve();
    }
  }

  /** The connection has ended: nothing of it waits any more. */
  void left(String connection) {
    if (waiting.get() > 0) {
      takeOut(connection).forEach(ticket -> ticket.tell(Verdict.GONE));
    }
  }

  /** Nobody waits here any more. */
  void close() {
    List<String> connections;
    synchronized (this) {
      closed = true;
      connections = List.copyOf(lines.keySet());
    }
    connections.forEach(
        connection -> takeOut(connection).forEach(ticket -> ticket.tell(Verdict.REFUSED)));
  }

  private void serve() {
    for (var next = next(); next != null; next = next()) {
      next.tell(Verdict.SERVED);
    }
  }

  private synchronized @Nullable Ticket next() {
    if (waiting.get() == 0 || !take()) {
      return null;
    }
    var line = turns.remove();
    var ticket = line.tickets.remove();
    gone(line, ticket);
    if (!line.tickets.isEmpty()) {
      turns.add(line);
    }
    return ticket;
  }

  private boolean stand(Ticket ticket) {
    while (true) {
      Ticket displaced;
      synchronized (this) {
        if (closed) {
          return false;
        }
        var line = lines.get(ticket.connection());
        if (waiting.get() < mostWaiting && bytes + ticket.bytes() <= mostBytes) {
          add(line, ticket);
          return true;
        }
        displaced =
            waiting.get() < mostWaiting ? newestOfHeaviest(line, ticket) : newestOfLongest(line);
      }
      if (displaced == null) {
        return false;
      }
      displaced.tell(Verdict.REFUSED);
    }
  }

  private void add(@Nullable Line known, Ticket ticket) {
    var line = known == null ? new Line(ticket.connection()) : known;
    if (known == null) {
      lines.put(line.connection, line);
    }
    if (line.tickets.isEmpty()) {
      turns.add(line);
    }
    line.tickets.add(ticket);
    line.bytes += ticket.bytes();
    bytes += ticket.bytes();
    waiting.incrementAndGet();
    ofAll.incrementAndGet();
  }

  private @Nullable Ticket newestOfLongest(@Nullable Line own) {
    int would = (own == null ? 0 : own.tickets.size()) + 1;
    return displace(would, mostWaiting, own, line -> line.tickets.size());
  }

  private @Nullable Ticket newestOfHeaviest(@Nullable Line own, Ticket ticket) {
    long would = (own == null ? 0 : own.bytes) + ticket.bytes();
    return displace(would, mostBytes, own, line -> line.bytes);
  }

  /** There is no room: the newest of who has most of it, unless this one asks for too much. */
  private @Nullable Ticket displace(
      long would, long room, @Nullable Line own, ToLongFunction<Line> measure) {
    int connections = lines.size() + (own == null ? 1 : 0);
    if (would * connections > room) {
      // more than an even share; else somebody has more than that
      return null;
    }
    var line = lines.values().stream().max(Comparator.comparingLong(measure)).orElseThrow();
    var newest = line.tickets.removeLast();
    gone(line, newest);
    if (line.tickets.isEmpty()) {
      turns.remove(line);
    }
    return newest;
  }

  /** It was taken out of its line. */
  private void gone(Line line, Ticket ticket) {
    line.bytes -= ticket.bytes();
    bytes -= ticket.bytes();
    waiting.decrementAndGet();
    ofAll.decrementAndGet();
    if (line.tickets.isEmpty()) {
      lines.remove(line.connection);
    }
  }

  /** Takes a ticket out; false if it does not wait any more. */
  synchronized boolean withdraw(Ticket ticket) {
    var line = lines.get(ticket.connection());
    if (line == null || !line.tickets.remove(ticket)) {
      return false;
    }
    gone(line, ticket);
    if (line.tickets.isEmpty()) {
      turns.remove(line);
    }
    return true;
  }

  private synchronized List<Ticket> takeOut(String connection) {
    var line = lines.get(connection);
    if (line == null) {
      return List.of();
    }
    turns.remove(line);
    var all = List.copyOf(line.tickets);
    line.tickets.clear();
    all.forEach(ticket -> gone(line, ticket));
    return all;
  }

  /** How many wait at this moment. */
  int waiting() {
    return waiting.get();
  }

  /** How many have a place at this moment. */
  int taken() {
    return taken.get();
  }

  /** What a caller is told who has no place. */
  ActionReply refusal(Verdict verdict) {
    return new ActionReply.Failed(
        switch (verdict) {
          case REFUSED ->
              Problem.comeBack(
                  ErrorCode.SERVICE_UNAVAILABLE,
                  "all places of " + action + " are taken",
                  COME_BACK_MS);
          case GONE ->
              Problem.of(ErrorCode.CANCELLED, "the connection ended before " + action + " began");
          case SERVED -> throw new IllegalArgumentException("it has a place");
        });
  }
}
