package io.streamer.shared.job;

import io.streamer.shared.job.Transitions.Step;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import java.time.Duration;
import java.util.function.ToIntFunction;

/**
 * What becomes of a job whose time in {@code due} has come: the row alone decides.
 *
 * @param again after how long somebody looks again after a start or a delivery that may be lost
 * @param grace how long a lease must be over before its holder counts as dead: clocks differ
 * @param retention how long a job is kept behind its end
 * @param attempts how many each action has
 */
public record Due(
    Duration again, Duration grace, Duration retention, ToIntFunction<String> attempts) {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final long RARELY_MS = Duration.ofHours(1).toMillis();
  private static final long LONG_QUEUE_MS = Duration.ofMinutes(5).toMillis();

  /** With the usual grace: 10 s, and a sixth of a shorter lease. */
  public static Due of(
      Duration lease, Duration again, Duration retention, ToIntFunction<String> attempts) {
    var sixth = lease.dividedBy(6);
    return new Due(again, sixth.compareTo(GRACE) < 0 ? sixth : GRACE, retention, attempts);
  }

  /** What is to be done. */
  public sealed interface Decision {
    /** Not now: its time has not come, or its holder may still be alive. */
    record Nothing() implements Decision {}

    /**
     * Have a worker started, and look again later.
     *
     * @param step ADMIT, RESTART, REQUEUE, or RECOVER, which counts an attempt
     */
    record Start(Step step, long lookAt) implements Decision {}

    /**
     * End it without a worker, and tell.
     *
     * @param step LOSE, CANCEL, BURY or EXPIRE
     */
    record End(Step step, Problem problem) implements Decision {}

    /** Ask its holder, which is alive, to stop. */
    record AskToStop() implements Decision {}

    /** Its holder is alive. */
    record LookLater(long at) implements Decision {}

    /** It has ended: tell again, then let it leave {@code due}. */
    record Deliver(long lookAt) implements Decision {}

    /**
     * Its end was told: take away what came late of its watchers, then let it leave {@code due}.
     */
    record Sweep() implements Decision {}
  }

  /**
   * Decides; a write that comes of it names what was seen here, so that two deciders do no harm.
   */
  public Decision decide(Job job, long now) {
    if (job.dueAt().isEmpty() || job.dueAt().get() > now) {
      return new Decision.Nothing();
    }
    var lookAt = now + again.toMillis();
    if (job.status().terminal()) {
      return job.marks().told()
          ? new Decision.Sweep()
          : new Decision.Deliver(now + pause(job, now));
    }
    if (job.terms().deadlineAt().filter(deadline -> deadline <= now).isPresent()) {
      return new Decision.End(
          Step.EXPIRE, Problem.of(ErrorCode.TIMEOUT, "the job's deadline has passed"));
    }
    var abandoned = job.marks().abandonAt().filter(at -> at <= now).isPresent();
    return switch (job.status()) {
      case WAITING -> abandoned ? cancel(Step.CANCEL) : waiting(job, now, lookAt);
      case QUEUED ->
          abandoned ? cancel(Step.CANCEL) : start(job, Step.RESTART, now + patience(job, now));
      case RETRYING -> abandoned ? cancel(Step.CANCEL) : start(job, Step.REQUEUE, lookAt);
      case RUNNING -> running(job, abandoned, now, lookAt);
      case SUCCEEDED, FAILED, CANCELLED, TIMED_OUT -> throw new IllegalStateException("seen above");
    };
  }

  /**
   * Until an end that was not delivered is told again: a quarter of the time that this went on, so
   * that an end which nobody can be told costs little.
   */
  private long pause(Job job, long now) {
    var endedAt = job.expiresAt() * 1_000 - retention.toMillis();
    var least = again.toMillis();
    return Math.clamp((now - endedAt) / 4, least, Math.max(least, RARELY_MS));
  }

  /**
   * Until a job that was started again, and that nobody has claimed, is started once more: a
   * quarter of its age. What waits in a long queue is not lost, and starting all of it anew each
   * minute would put more in front of what comes in than goes away.
   */
  private long patience(Job job, long now) {
    var since = job.terms().notBefore().orElse(job.createdAt());
    var least = again.toMillis();
    return Math.clamp((now - since) / 4, least, Math.max(least, LONG_QUEUE_MS));
  }

  private static Decision waiting(Job job, long now, long lookAt) {
    return job.terms()
        .notBefore()
        .filter(at -> at > now)
        .<Decision>map(at -> new Decision.LookLater(job.lookAt(at)))
        .orElseGet(() -> start(job, Step.ADMIT, lookAt));
  }

  private Decision running(Job job, boolean abandoned, long now, long lookAt) {
    if (job.leaseUntil() > now) {
      return abandoned && !job.marks().cancel()
          ? new Decision.AskToStop()
          : new Decision.LookLater(job.lookAt(job.leaseUntil()));
    }
    if (job.leaseUntil() + grace.toMillis() > now) {
      return new Decision.Nothing();
    }
    if (job.marks().cancel()) {
      return new Decision.End(Step.BURY, Problem.of(ErrorCode.CANCELLED, "the job was cancelled"));
    }
    if (abandoned) {
      return cancel(Step.BURY);
    }
    if (job.terms().overran()) {
      // the one process that could go on is gone; the run names the line in its log
      return new Decision.End(
          Step.LOSE,
          Problem.of(ErrorCode.INTERNAL_ERROR, "the request was lost while it ran")
              .with("error_id", job.run()));
    }
    return job.attempt() >= attempts.applyAsInt(job.action())
        ? new Decision.End(
            Step.LOSE,
            Problem.of(ErrorCode.PROCESSING_FAILED, "the worker was lost in the last attempt")
                .with("reason", "WORKER_LOST"))
        : start(job, Step.RECOVER, lookAt);
  }

  private static Decision start(Job job, Step step, long lookAt) {
    return new Decision.Start(step, job.lookAt(lookAt));
  }

  private static Decision cancel(Step step) {
    return new Decision.End(
        step, Problem.of(ErrorCode.CANCELLED, "cancelled: its owner was away for too long"));
  }
}
