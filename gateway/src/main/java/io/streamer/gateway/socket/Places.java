package io.streamer.gateway.socket;

import io.streamer.handler.Caller;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sockets a task may hold, and of them those of one user. Handshakes under way have their
 * places too, or as many could come at once as want to. Safe for all threads.
 */
public final class Places {
  private final int most;
  private final int mostOfUser;
  private final AtomicInteger taken = new AtomicInteger();
  private final ConcurrentMap<User, Integer> ofUsers = new ConcurrentHashMap<>();

  private record User(String tenant, String name) {}

  /**
   * Free places.
   *
   * @param most of all users together
   */
  public Places(int most, int mostOfUser) {
    this.most = most;
    this.mostOfUser = mostOfUser;
  }

  /** Takes a place for somebody; false if there is none. */
  boolean take() {
    if (taken.incrementAndGet() <= most) {
      return true;
    }
    taken.decrementAndGet();
    return false;
  }

  void free() {
    taken.decrementAndGet();
  }

  /** Takes one of a user's places; false if the user has none left. */
  boolean take(Caller caller) {
    var user = new User(caller.tenant(), caller.user());
    if (ofUsers.merge(user, 1, Integer::sum) <= mostOfUser) {
      return true;
    }
    free(caller);
    return false;
  }

  void free(Caller caller) {
    ofUsers.computeIfPresent(
        new User(caller.tenant(), caller.user()), (_, held) -> held == 1 ? null : held - 1);
  }
}
