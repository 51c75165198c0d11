package io.streamer.shared.job;

import java.util.Optional;

/**
 * What a request wants of its job; fixed with its submit. Times are epoch milliseconds.
 *
 * @param priority 0 to 9
 * @param notBefore of a delayed job: when it may start
 * @param deadlineAt when it is over, wherever it stands
 * @param cancelWhenLeft whether it is cancelled once its owner has been away for a while
 * @param overran whether it was to be answered on the spot: nobody else can run it
 * @param redriveOf the failed job that it does again
 */
public record JobTerms(
    int priority,
    Optional<Long> notBefore,
    Optional<Long> deadlineAt,
    boolean cancelWhenLeft,
    boolean overran,
    Optional<JobId> redriveOf) {
  /** Nothing out of the common. */
  public static final JobTerms NONE =
      new JobTerms(0, Optional.empty(), Optional.empty(), false, false, Optional.empty());

  /** The earlier of a moment and the deadline. */
  public long byDeadline(long at) {
    return deadlineAt.map(deadline -> Math.min(deadline, at)).orElse(at);
  }
}
