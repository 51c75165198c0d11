package io.streamer.emulator.apigateway;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sockets that are open: from their 101 until they start to close. */
final class OpenConnections {
  private final Map<String, Connection> open = new HashMap<>();
  private final int most;
  private int claimed;

  OpenConnections(int most) {
    this.most = most;
  }

  /** Claims a place for a handshake; false if all are taken. */
  boolean claim() {
    if (claimed >= most) {
      return false;
    }
    claimed++;
    return true;
  }

  /** Gives a place back. */
  void release() {
    claimed--;
  }

  /** Fills a claimed place. */
  void add(Connection connection) {
    var id = connection.peer().connectionId();
    open.put(id, connection);
    connection.closing().onComplete(_ -> open.remove(id));
    connection.ended().onComplete(_ -> release());
  }

  Optional<Connection> find(String id) {
    return Optional.ofNullable(open.get(id));
  }

  /** Cuts all of them, without a close frame; how many there were. */
  int cut() {
    var all = List.copyOf(open.values());
    all.forEach(Connection::cut);
    return all.size();
  }

  /** Closes all of them; completes when their sockets are closed. */
  Future<Void> close() {
    var all = List.copyOf(open.values());
    all.forEach(connection -> connection.close(ApiCloseCode.GOING_AWAY));
    return Future.join(all.stream().map(Connection::ended).toList()).mapEmpty();
  }
}
