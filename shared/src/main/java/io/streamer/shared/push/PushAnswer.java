package io.streamer.shared.push;

import java.time.Instant;
import java.util.Optional;

/**
 * What a host has answered.
 *
 * @param status of HTTP
 * @param lastActiveAt when a frame last went either way, of a connection that was looked at; empty
 *     if it did not say
 */
public record PushAnswer(int status, Optional<Instant> lastActiveAt) {
  private static final int GONE = 410;

  /** Whether the connection is said to be no more. */
  public boolean isGone() {
    return status == GONE;
  }

  /** Whether it was done. */
  boolean isDone() {
    return status / 100 == 2;
  }
}
