package io.streamer.emulator.aws;

import java.time.Duration;

/** Pauses between tries: each twice as long as the one before, up to the longest. */
public record GrowingPauses(Duration first, Duration longest) {
  /** The pause after so many tries, at least one. */
  public Duration after(int tries) {
    var doubled = first.multipliedBy(1L << Math.min(tries - 1, 20));
    return doubled.compareTo(longest) < 0 ? doubled : longest;
  }
}
