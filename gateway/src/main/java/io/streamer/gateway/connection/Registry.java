package io.streamer.gateway.connection;

import io.netty.util.internal.PlatformDependent;
import io.streamer.gateway.signal.FrameSignals;
import io.streamer.gateway.signal.Meters;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The connections this task holds, in memory; safe for all threads. */
public final class Registry {
  private final Map<String, SocketSession> sessions = new ConcurrentHashMap<>();
  private final Budget budget;
  private final FrameSignals signals;

  /** Connections whose frames nobody counts. */
  public Registry() {
    this(new FrameSignals(Meters.unread()));
  }

  /**
   * Connections.
   *
   * @param signals count their frames
   */
  public Registry(FrameSignals signals) {
    this(most(), signals);
  }

  /**
   * Connections that are kept so much for.
   *
   * @param mostKept bytes, of all together
   */
  Registry(long mostKept) {
    this(mostKept, new FrameSignals(Meters.unread()));
  }

  private Registry(long mostKept, FrameSignals signals) {
    this.signals = signals;
    this.budget = new Budget(mostKept, this, System::nanoTime);
  }

  /** Some of it is on the heap, and some beside it: what has come of a frame, what is written. */
  private static long most() {
    return Math.min(Runtime.getRuntime().maxMemory() / 8, PlatformDependent.maxDirectMemory() / 2);
  }

  /** What is kept for all of them. */
  Budget budget() {
    return budget;
  }

  FrameSignals signals() {
    return signals;
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

  /** Bytes that are kept for all connections, about. */
  public long kept() {
    return budget.kept();
  }

  /** Bytes that are kept for the one for which most is. Looks at all. */
  public long mostKept() {
    return all().stream().mapToLong(session -> session.line().kept()).max().orElse(0);
  }

  public int size() {
    return sessions.size();
  }
}
