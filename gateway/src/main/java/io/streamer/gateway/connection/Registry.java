package io.streamer.gateway.connection;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The connections this task holds, in memory; safe for all threads. */
public final class Registry {
  private final Map<String, SocketSession> sessions = new ConcurrentHashMap<>();
  private final Budget budget;

  public Registry() {
    this(Runtime.getRuntime().maxMemory() / 8);
  }

  /**
   * Connections that are kept so much for.
   *
   * @param mostKept bytes, of all together
   */
  Registry(long mostKept) {
    this.budget = new Budget(mostKept, this, System::nanoTime);
  }

  /** What is kept for all of them. */
  Budget budget() {
    return budget;
  }

  void add(SocketSession session) {
    sessions.put(session.id(), session);
  }

  void remove(String connectionId) {
    sessions.remove(connectionId);
  }

  /** A connection that is open and stays so: one that is being closed takes nothing any more. */
  public Optional<SocketSession> find(String connectionId) {
    return Optional.ofNullable(sessions.get(connectionId)).filter(it -> !it.isClosing());
  }

  /** All, those that are being closed too. */
  public Collection<SocketSession> all() {
    return sessions.values();
  }

  public int size() {
    return sessions.size();
  }
}
