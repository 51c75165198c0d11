package io.streamer.shared.hold;

/**
 * How long to wait before something is tried again: each time twice as long, up to a bound.
 *
 * @param firstMs the first time
 * @param longestMs the bound
 */
public record Pauses(long firstMs, long longestMs) {

  /** The one that follows a pause, in milliseconds. */
  public long after(long pauseMs) {
    return Math.min(2 * pauseMs, longestMs);
  }
}
