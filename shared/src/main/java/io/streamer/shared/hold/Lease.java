package io.streamer.shared.hold;

import java.time.Duration;

/** When a job's lease has to be renewed, and when it counts as lost. Times are epoch ms. */
public final class Lease {
  private static final long RETRY_MS = 1000;

  private final long lengthMs;
  private long writtenAt;
  private long retryAt = Long.MIN_VALUE;

  public Lease(Duration length, long takenAt) {
    this.lengthMs = length.toMillis();
    this.writtenAt = takenAt;
  }

  /**
   * A write went through, and every write renews.
   *
   * @param begunAt when the write was begun: the row's lease counts from no later than that
   */
  void written(long begunAt) {
    writtenAt = begunAt;
    retryAt = Long.MIN_VALUE;
  }

  /** A write did not go through: another is worth trying a little later. */
  void failed(long now) {
    retryAt = now + RETRY_MS;
  }

  boolean renewalDue(long now) {
    return now >= renewalAt();
  }

  long renewalAt() {
    return Math.max(retryAt, writtenAt + lengthMs / 3);
  }

  /** Too close to the end to go on: someone else may take the job soon. */
  boolean lost(long now) {
    return now >= lostAt();
  }

  long lostAt() {
    return writtenAt + lengthMs * 3 / 4;
  }

  /** When the row itself says that the job is anybody's. */
  long endsAt() {
    return writtenAt + lengthMs;
  }
}
