package io.streamer.shared.job;

import static io.streamer.shared.job.JobStatus.CANCELLED;
import static io.streamer.shared.job.JobStatus.FAILED;
import static io.streamer.shared.job.JobStatus.QUEUED;
import static io.streamer.shared.job.JobStatus.RETRYING;
import static io.streamer.shared.job.JobStatus.RUNNING;
import static io.streamer.shared.job.JobStatus.SUCCEEDED;
import static io.streamer.shared.job.JobStatus.TIMED_OUT;
import static io.streamer.shared.job.JobStatus.WAITING;

import java.util.Arrays;
import java.util.Set;

/** Every legal step of a job, once; the store's conditions come from here. */
public final class Transitions {
  private Transitions() {}

  /** One step; those that start a job come from no state. */
  public enum Step {
    /** Stored, ready to run. */
    SUBMIT(QUEUED),
    /** Stored, and to wait for its time or for a place. */
    DEFER(WAITING),
    /** An answer on the spot took too long: stored while it runs, leased to its gateway. */
    OVERRUN(RUNNING),
    /** Its time has come, or a place is free. */
    ADMIT(QUEUED),
    /** A worker takes it. */
    CLAIM(RUNNING),
    /** Its holder keeps progress or renews its lease. */
    KEEP(RUNNING),
    SUCCEED(SUCCEEDED),
    FAIL(FAILED),
    /** Failed in a way that may pass. */
    RETRY(RETRYING),
    /** The wait before another attempt is over. */
    REQUEUE(QUEUED),
    /** The invocation's time is up and it goes on from a checkpoint, or its lease was lost. */
    HAND_ON(QUEUED),
    CANCEL(CANCELLED),
    TIME_OUT(TIMED_OUT);

    private final JobStatus to;

    Step(JobStatus to) {
      this.to = to;
    }

    /** The states it may start from; none means that the job must not be there yet. */
    public Set<JobStatus> from() {
      return switch (this) {
        case SUBMIT, DEFER, OVERRUN -> Set.of();
        case ADMIT -> Set.of(WAITING);
        case CLAIM -> Set.of(QUEUED);
        case KEEP, SUCCEED, FAIL, RETRY, HAND_ON -> Set.of(RUNNING);
        case REQUEUE -> Set.of(RETRYING);
        case CANCEL, TIME_OUT -> Set.of(WAITING, QUEUED, RETRYING, RUNNING);
      };
    }

    public JobStatus to() {
      return to;
    }
  }

  /** Whether any step leads from one state to the other. */
  public static boolean legal(JobStatus from, JobStatus to) {
    return Arrays.stream(Step.values())
        .anyMatch(step -> step.to == to && step.from().contains(from));
  }
}
