package io.streamer.shared.job;

import java.util.Optional;

/**
 * What happened to a job besides its states.
 *
 * @param cancel whether it is to stop: only while it runs, for whoever runs it
 * @param abandonAt when it is cancelled unless its owner comes back; epoch ms
 * @param checkpoint the part of the job's data that a run goes on from
 * @param watch changes whenever its subscribers do
 * @param told whether its end was told to all who watched it, and there may be late rows of theirs
 * @param redrivenBy the job that does this failed one again
 */
public record Marks(
    boolean cancel,
    Optional<Long> abandonAt,
    Optional<String> checkpoint,
    long watch,
    boolean told,
    Optional<JobId> redrivenBy) {
  /** Nothing happened yet. */
  public static final Marks NONE =
      new Marks(false, Optional.empty(), Optional.empty(), 0, false, Optional.empty());
}
