package io.streamer.shared.store;

import java.time.Duration;

/**
 * How long things take in a job's life.
 *
 * @param lease how long a job is its holder's without another write
 * @param dueAfter how long after its submit somebody looks after a job
 * @param retention how long a job stays after its end
 */
public record JobLimits(Duration lease, Duration dueAfter, Duration retention) {
  public JobLimits {
    if (!lease.isPositive() || !dueAfter.isPositive() || !retention.isPositive()) {
      throw new IllegalArgumentException("lease, dueAfter and retention are longer than nothing");
    }
  }
}
