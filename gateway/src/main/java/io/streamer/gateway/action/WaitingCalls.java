package io.streamer.gateway.action;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The calls of all actions that wait for a place. Safe for all threads. */
final class WaitingCalls {
  /** For each run that an action may have at once. */
  static final int FOR_EACH_RUN = 4;

  static final int LEAST = 16;
  static final int MOST = 1_024;

  /** The part of the heap that the payloads of one action's may take. */
  private static final int PART_OF_HEAP = 64;

  private final AtomicInteger count = new AtomicInteger();
  private final Set<ActionPlaces> all = ConcurrentHashMap.newKeySet();

  /**
   * Places of one more action, to be {@link #forget forgotten}.
   *
   * @param concurrency runs at once
   */
  ActionPlaces places(String action, int concurrency) {
    int most = Math.clamp((long) FOR_EACH_RUN * concurrency, LEAST, MOST);
    var places =
        new ActionPlaces(
            action, concurrency, most, Runtime.getRuntime().maxMemory() / PART_OF_HEAP, count);
    all.add(places);
    return places;
  }

  /** The action is called no more. */
  void forget(ActionPlaces places) {
    all.remove(places);
  }

  /** None waits any more, of any action. */
  void end() {
    all.forEach(ActionPlaces::close);
  }

  /** How many wait at this moment. */
  int count() {
    return count.get();
  }

  /** The connection has ended: none of its calls waits any more. */
  void left(String connection) {
    if (count.get() > 0) {
      all.forEach(places -> places.left(connection));
    }
  }
}
