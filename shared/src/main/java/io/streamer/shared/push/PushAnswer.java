package io.streamer.shared.push;

/**
 * What a host has answered.
 *
 * @param status of HTTP
 */
public record PushAnswer(int status) {
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
