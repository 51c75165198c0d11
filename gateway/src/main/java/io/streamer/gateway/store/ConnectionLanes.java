package io.streamer.gateway.store;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The lanes by which what clients ask for gets to the store. Each connection has a few at a time;
 * where there are no more, connections take turns: whoever asks for a thousand things stands in
 * front of another with one of them. Where very many wait, a connection that has its share waiting
 * is turned away, and others are not. Safe for all threads.
 */
final class ConnectionLanes {
  /** That one connection may have waiting however many wait. */
  static final int SHARE = 8;

  private final int most;
  private final int mostOfOne;
  private final int mostWaiting;
  private final Map<String, Connection> connections = new HashMap<>();
  private final Queue<Connection> line = new ArrayDeque<>();
  private int busy;
  private int waiting;

  private static final class Connection {
    final String id;
    final Queue<BooleanSupplier> waiting = new ArrayDeque<>(0);
    int busy;
    boolean inLine;

    Connection(String id) {
      this.id = id;
    }
  }

  private record Turn(String connection, BooleanSupplier begin) {}

  /**
   * Free lanes.
   *
   * @param mostOfOne that one connection may have at a time
   * @param mostWaiting beyond them each connection may have but its share waiting
   */
  ConnectionLanes(int most, int mostOfOne, int mostWaiting) {
    this.most = most;
    this.mostOfOne = mostOfOne;
    this.mostWaiting = mostWaiting;
  }

  /** Takes a lane, to be {@link #leave left} again; false if there is none for it now. */
  synchronized boolean take(String connection) {
    var known = connections.get(connection);
    if (busy == most || (known != null && known.busy == mostOfOne)) {
      return false;
    }
    var one = known == null ? new Connection(connection) : known;
    if (known == null) {
      connections.put(connection, one);
    }
    begin(one);
    return true;
  }

  /**
   * Takes a lane once it is this connection's turn.
   *
   * @param begin is run then, on any thread; false if it does not want the lane any more
   * @return false if it is turned away and not run
   */
  boolean await(String connection, BooleanSupplier begin) {
    var place = queue(connection, begin);
    if (place == Place.LANE && !begin.getAsBoolean()) {
      leave(connection);
    }
    return place != Place.NONE;
  }

  private enum Place {
    LANE,
    LINE,
    NONE
  }

  private synchronized Place queue(String connection, BooleanSupplier begin) {
    if (take(connection)) {
      return Place.LANE;
    }
    var one = connections.computeIfAbsent(connection, Connection::new);
    if (waiting >= mostWaiting && one.waiting.size() >= SHARE) {
      return Place.NONE;
    }
    one.waiting.add(begin);
    waiting++;
    stand(one);
    return Place.LINE;
  }

  /** Gives a lane back; whose turn it is begins. */
  void leave(String connection) {
    for (var next = next(connection); next != null; next = next(next.connection())) {
      if (next.begin().getAsBoolean()) {
        return;
      }
    }
  }

  private synchronized @Nullable Turn next(String left) {
    var one = connections.get(left);
    if (one == null || one.busy == 0) {
      throw new IllegalStateException("it has no lane");
    }
    one.busy--;
    busy--;
    stand(one);
    if (one.busy == 0 && one.waiting.isEmpty()) {
      connections.remove(left);
    }
    var first = line.poll();
    if (first == null) {
      return null;
    }
    first.inLine = false;
    var begin = first.waiting.remove();
    waiting--;
    begin(first);
    stand(first);
    return new Turn(first.id, begin);
  }

  private void begin(Connection one) {
    one.busy++;
    busy++;
  }

  /** Once, however much of it waits. */
  private void stand(Connection one) {
    if (!one.inLine && !one.waiting.isEmpty() && one.busy < mostOfOne) {
      one.inLine = true;
      line.add(one);
    }
  }

  /** Whether nobody has a lane or waits for one. */
  synchronized boolean isIdle() {
    return connections.isEmpty();
  }
}
