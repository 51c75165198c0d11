package io.streamer.worker.time;

/**
 * Whether an invocation has time for another stretch from checkpoint to checkpoint: as long as the
 * longest so far. What is begun and does not fit is done twice.
 */
public final class Pace {
  private final long endsAt;
  private long begunAt;
  private long longestMs;

  /**
   * Starts the first stretch.
   *
   * @param endsAt when a handler has to give way
   */
  public Pace(long begunAt, long endsAt) {
    this.begunAt = begunAt;
    this.endsAt = endsAt;
  }

  /** A stretch ends here; whether another one fits. */
  public boolean goesOn(long now) {
    longestMs = Math.max(longestMs, now - begunAt);
    begunAt = now;
    return now + longestMs < endsAt;
  }
}
