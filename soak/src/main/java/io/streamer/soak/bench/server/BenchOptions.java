package io.streamer.soak.bench.server;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How it is done.
 *
 * @param home the repository
 * @param packed the folder of the gateway that {@code ./streamer build} makes
 * @param against another such folder, to be compared with it
 * @param scratch a folder for what is needed meanwhile
 * @param memoryBytes what each server's container has
 * @param effort how long it takes
 */
public record BenchOptions(
    Path home, Path packed, Optional<Path> against, Path scratch, long memoryBytes, Effort effort) {

  /**
   * How long it takes.
   *
   * @param warmMs what each side is asked before anything counts
   * @param rounds of all sides, of which the median counts
   * @param windowMs of each side in a round
   * @param connections for the cases that are about them
   * @param heldMs for as long many of them are held
   * @param mixedMs for as long a gateway is asked for all at once
   * @param onceMs of each side where requests are asked, in place of the rounds; 0: there are
   *     rounds
   */
  public record Effort(
      long warmMs,
      int rounds,
      long windowMs,
      int connections,
      long heldMs,
      long mixedMs,
      long onceMs) {

    /** The same with so much of each side in one go; 0: in rounds. */
    public Effort inOneGo(long ms) {
      return new Effort(warmMs, rounds, windowMs, connections, heldMs, mixedMs, ms);
    }
  }
}
