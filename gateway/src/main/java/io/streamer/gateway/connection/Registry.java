package io.streamer.gateway.connection;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The connections this task holds, in memory; safe for all threads. */
public final class Registry {
  private final Map<String, SocketSession> sessions = new ConcurrentHashMap<>();

  void add(SocketSession session) {
    sessions.put(session.id(), session);
  }

  void remove(SocketSession session) {
    sessions.remove(session.id());
  }

  public Optional<SocketSession> find(String connectionId) {
    return Optional.ofNullable(sessions.get(connectionId));
  }

  public Collection<SocketSession> all() {
    return sessions.values();
  }

  public int size() {
    return sessions.size();
  }
}
