package io.streamer.shared.job;

import static io.streamer.shared.job.JobStatus.CANCELLED;
import static io.streamer.shared.job.JobStatus.FAILED;
import static io.streamer.shared.job.JobStatus.QUEUED;
import static io.streamer.shared.job.JobStatus.RETRYING;
import static io.streamer.shared.job.JobStatus.RUNNING;
import static io.streamer.shared.job.JobStatus.SUCCEEDED;
import static io.streamer.shared.job.JobStatus.TIMED_OUT;
import static io.streamer.shared.job.JobStatus.WAITING;

import java.util.Set;

/** Every legal step of a job, once; the store's conditions come from here. */
public final class Transitions {
  private Transitions() {}

  /** What else holds of a step. */
  public enum Rule {
    /** It has a worker started. */
    STARTS,
    /** Whoever takes it becomes the one who numbers frames: the epoch counts up. */
    TAKES_EPOCH,
    /** Not once somebody asked for a cancel: then the job ends in that. */
    UNLESS_CANCELLED,
    /** Only while the lease is the one that was found dead. */
    SAME_LEASE,
    /** Only while it is due as it was found: of several who look after it one goes on. */
    SAME_DUE
  }

  /** One step; those that start a job come from no state. */
  public enum Step {
    /** Stored, ready to run. */
    SUBMIT(QUEUED, Rule.STARTS),
    /** Stored, and to wait for its time or for a place. */
    DEFER(WAITING),
    /** An answer on the spot took too long: stored while it runs, leased to its gateway. */
    OVERRUN(RUNNING),
    /** Its time has come, or a place is free. */
    ADMIT(QUEUED, Rule.STARTS),
    /** Nobody claimed it in time: a worker is started again. */
    RESTART(QUEUED, Rule.STARTS, Rule.SAME_DUE),
    /** A worker takes it. */
    CLAIM(RUNNING, Rule.TAKES_EPOCH),
    /** Its holder keeps progress or renews its lease. */
    KEEP(RUNNING),
    SUCCEED(SUCCEEDED, Rule.UNLESS_CANCELLED),
    FAIL(FAILED, Rule.UNLESS_CANCELLED),
    /** Failed in a way that may pass. */
    RETRY(RETRYING, Rule.UNLESS_CANCELLED),
    /** The wait before another attempt is over. */
    REQUEUE(QUEUED, Rule.STARTS),
    /** The invocation's time is up: it goes on from its checkpoint in another one. */
    HAND_ON(QUEUED, Rule.STARTS, Rule.UNLESS_CANCELLED),
    /** Its lease was lost: another attempt. */
    RECOVER(QUEUED, Rule.STARTS, Rule.UNLESS_CANCELLED, Rule.SAME_LEASE),
    /** Its lease was lost with its last attempt, or nobody else can run it. */
    LOSE(FAILED, Rule.TAKES_EPOCH, Rule.UNLESS_CANCELLED, Rule.SAME_LEASE),
    /** Cancelled while nobody held it. */
    CANCEL(CANCELLED, Rule.TAKES_EPOCH),
    /** Its holder stopped it because somebody asked for that. */
    STOP(CANCELLED),
    /** Somebody asked its holder to stop it, and the holder is gone. */
    BURY(CANCELLED, Rule.TAKES_EPOCH, Rule.SAME_LEASE),
    /** Its holder sees that its deadline has passed. */
    TIME_OUT(TIMED_OUT),
    /** Somebody else sees that its deadline has passed. */
    EXPIRE(TIMED_OUT, Rule.TAKES_EPOCH);

    private final JobStatus to;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of gives one that never changes
    private final Set<Rule> rules;

    Step(JobStatus to, Rule... rules) {
      this.to = to;
      this.rules = Set.of(rules);
    }

    /** The states it may start from; none means that the job must not be there yet. */
    public Set<JobStatus> from() {
      return switch (this) {
        case SUBMIT, DEFER, OVERRUN -> Set.of();
        case ADMIT -> Set.of(WAITING);
        case CLAIM, RESTART -> Set.of(QUEUED);
        case KEEP, SUCCEED, FAIL, RETRY, HAND_ON, RECOVER, LOSE, STOP, BURY, TIME_OUT ->
            Set.of(RUNNING);
        case REQUEUE -> Set.of(RETRYING);
        case CANCEL -> Set.of(WAITING, QUEUED, RETRYING);
        case EXPIRE -> Set.of(WAITING, QUEUED, RETRYING, RUNNING);
      };
    }

    public JobStatus to() {
      return to;
    }

    public boolean has(Rule rule) {
      return rules.contains(rule);
    }
  }
}
