package io.streamer.shared.push;

import io.streamer.shared.aws.ServerClock;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What time it is at each host: one whose clock is wrong is followed where calls go to it, and
 * nowhere else. Safe for all threads.
 */
public final class HostClocks {
  /** Many more than there are APIs; beyond them all are forgotten, and found out again. */
  private static final int MOST = 256;

  private final Clock machine;
  private final Map<String, ServerClock> clocks = new ConcurrentHashMap<>();

  /** All are taken to be right. */
  public HostClocks(Clock machine) {
    this.machine = machine;
  }

  /** The clock of a host, whichever of its paths are asked. */
  public ServerClock of(Host host) {
    var authority = host.address().getRawAuthority();
    var known = clocks.get(authority);
    if (known != null) {
      return known;
    }
    if (clocks.size() >= MOST) {
      clocks.clear();
    }
    return clocks.computeIfAbsent(authority, _ -> new ServerClock(machine));
  }
}
