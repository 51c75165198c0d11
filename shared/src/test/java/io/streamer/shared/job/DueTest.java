package io.streamer.shared.job;

import static io.streamer.shared.job.JobStatus.CANCELLED;
import static io.streamer.shared.job.JobStatus.FAILED;
import static io.streamer.shared.job.JobStatus.QUEUED;
import static io.streamer.shared.job.JobStatus.RETRYING;
import static io.streamer.shared.job.JobStatus.RUNNING;
import static io.streamer.shared.job.JobStatus.SUCCEEDED;
import static io.streamer.shared.job.JobStatus.TIMED_OUT;
import static io.streamer.shared.job.JobStatus.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Caller;
import io.streamer.shared.job.Due.Decision;
import io.streamer.shared.job.Transitions.Step;
import io.streamer.shared.protocol.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DueTest {
  private static final long NOW = 1_732_152_000_000L;
  private static final long LOOK_AT = NOW + 60_000;
  private static final Duration RETENTION = Duration.ofDays(7);
  private static final Due DUE =
      Due.of(Duration.ofSeconds(60), Duration.ofSeconds(60), RETENTION, action -> action.length());

  private long createdAt = NOW - 60_000;
  private JobTerms terms = JobTerms.NONE;
  private Marks marks = Marks.NONE;
  private int attempt = 1;
  private long leaseUntil = NOW - 10_000;
  private Optional<Long> dueAt = Optional.of(NOW);
  private long endedAt = NOW - 1_000;

  @ParameterizedTest
  @EnumSource
  void whatIsNotDueIsLeftAlone(JobStatus status) {
    dueAt = Optional.of(NOW + 1);
    assertThat(decide(status)).isEqualTo(new Decision.Nothing());
    dueAt = Optional.empty();
    assertThat(decide(status)).isEqualTo(new Decision.Nothing());
  }

  @Test
  void whatNobodyRunsIsStarted() {
    assertThat(decide(WAITING)).isEqualTo(new Decision.Start(Step.ADMIT, LOOK_AT));
    assertThat(decide(QUEUED)).isEqualTo(new Decision.Start(Step.RESTART, LOOK_AT));
    assertThat(decide(RETRYING)).isEqualTo(new Decision.Start(Step.REQUEUE, LOOK_AT));
  }

  @ParameterizedTest(name = "after {0} it is {1}")
  @CsvSource({
    "PT1S, PT1M",
    "PT1M, PT1M",
    "PT4M, PT1M",
    "PT8M, PT2M",
    "PT20M, PT5M",
    "PT21M, PT5M",
    "P30D, PT5M"
  })
  void whatStaysQueuedIsStartedLessAndLessOften(Duration age, Duration wait) {
    createdAt = NOW - age.toMillis();
    assertThat(decide(QUEUED)).isEqualTo(new Decision.Start(Step.RESTART, NOW + wait.toMillis()));
  }

  @Test
  void aDelayedJobsAgeBeginsWithItsTime() {
    createdAt = NOW - Duration.ofDays(1).toMillis();
    var notBefore = Optional.of(NOW - Duration.ofMinutes(8).toMillis());
    terms = new JobTerms(0, notBefore, Optional.empty(), false, false, Optional.empty());
    assertThat(decide(QUEUED)).isEqualTo(new Decision.Start(Step.RESTART, NOW + 120_000));
  }

  @Test
  void aDelayedJobThatIsLookedAtEarlyWaitsOn() {
    terms = new JobTerms(0, Optional.of(NOW + 5), Optional.empty(), false, false, Optional.empty());
    assertThat(decide(WAITING)).isEqualTo(new Decision.LookLater(NOW + 5));
  }

  @Test
  void aLiveLeaseIsLookedAtWhenItEnds() {
    leaseUntil = NOW + 1;
    assertThat(decide(RUNNING)).isEqualTo(new Decision.LookLater(NOW + 1));
  }

  @Test
  void aLeaseThatEndedLessThanTenSecondsAgoMayBeAliveByAnothersClock() {
    leaseUntil = NOW - 9_999;
    assertThat(decide(RUNNING)).isEqualTo(new Decision.Nothing());
  }

  @Test
  void aLostLeaseIsAnotherAttempt() {
    assertThat(decide(RUNNING)).isEqualTo(new Decision.Start(Step.RECOVER, LOOK_AT));
  }

  @Test
  void aLostLeaseInTheLastAttemptIsTheEnd() {
    attempt = "report".length();
    assertThat(end(RUNNING, Step.LOSE)).isEqualTo(ErrorCode.PROCESSING_FAILED);
  }

  @Test
  void aLostOverrunIsTheEndForNobodyElseCanRunIt() {
    terms = new JobTerms(0, Optional.empty(), Optional.empty(), false, true, Optional.empty());
    assertThat(end(RUNNING, Step.LOSE)).isEqualTo(ErrorCode.INTERNAL_ERROR);
    assertThat(ErrorCode.INTERNAL_ERROR.retryable()).isTrue();
  }

  @Test
  void aLostLeaseOfACancelledJobIsItsCancel() {
    marks = new Marks(true, Optional.empty(), Optional.empty(), 0, false, Optional.empty());
    attempt = "report".length();
    assertThat(end(RUNNING, Step.BURY)).isEqualTo(ErrorCode.CANCELLED);
  }

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "QUEUED", "RETRYING", "RUNNING"})
  void pastItsDeadlineAJobTimesOutWhereverItStands(JobStatus status) {
    terms = new JobTerms(0, Optional.empty(), Optional.of(NOW), false, false, Optional.empty());
    leaseUntil = NOW + 60_000;
    assertThat(end(status, Step.EXPIRE)).isEqualTo(ErrorCode.TIMEOUT);
  }

  @Test
  void nobodyLooksLaterThanTheDeadline() {
    terms = new JobTerms(0, Optional.empty(), Optional.of(NOW + 7), false, false, Optional.empty());
    leaseUntil = NOW + 60_000;
    assertThat(decide(RUNNING)).isEqualTo(new Decision.LookLater(NOW + 7));
    assertThat(decide(QUEUED)).isEqualTo(new Decision.Start(Step.RESTART, NOW + 7));
  }

  @Test
  void anAbandonedJobIsCancelledAtItsTime() {
    marks = new Marks(false, Optional.of(NOW), Optional.empty(), 0, false, Optional.empty());
    assertThat(end(WAITING, Step.CANCEL)).isEqualTo(ErrorCode.CANCELLED);
    assertThat(end(QUEUED, Step.CANCEL)).isEqualTo(ErrorCode.CANCELLED);
    assertThat(end(RETRYING, Step.CANCEL)).isEqualTo(ErrorCode.CANCELLED);
    assertThat(end(RUNNING, Step.BURY)).isEqualTo(ErrorCode.CANCELLED);
    leaseUntil = NOW + 60_000;
    assertThat(decide(RUNNING)).isEqualTo(new Decision.AskToStop());
  }

  @Test
  void aHolderThatWasAskedToStopIsNotAskedAgain() {
    leaseUntil = NOW + 60_000;
    for (var abandonAt : List.of(Optional.<Long>empty(), Optional.of(NOW))) {
      marks = new Marks(true, abandonAt, Optional.empty(), 0, false, Optional.empty());
      assertThat(decide(RUNNING)).isInstanceOf(Decision.LookLater.class);
    }
  }

  @Test
  void anAbandonedJobIsLookedAtWhenItsOwnersTimeIsUp() {
    marks = new Marks(false, Optional.of(NOW + 3), Optional.empty(), 0, false, Optional.empty());
    leaseUntil = NOW + 60_000;
    assertThat(decide(RUNNING)).isEqualTo(new Decision.LookLater(NOW + 3));
  }

  @Test
  void whatHasEndedIsToldAgain() {
    terms = new JobTerms(0, Optional.empty(), Optional.of(NOW - 1), false, false, Optional.empty());
    for (var status : Set.of(SUCCEEDED, FAILED, CANCELLED, TIMED_OUT)) {
      assertThat(decide(status)).isEqualTo(new Decision.Deliver(LOOK_AT));
    }
  }

  @Test
  void behindAnEndThatWasToldWhatCameLateIsTakenAway() {
    marks = new Marks(false, Optional.empty(), Optional.empty(), 2, true, Optional.empty());
    for (var status : Set.of(SUCCEEDED, FAILED, CANCELLED, TIMED_OUT)) {
      assertThat(decide(status)).isEqualTo(new Decision.Sweep());
    }
    dueAt = Optional.of(NOW + 1);
    assertThat(decide(FAILED)).isEqualTo(new Decision.Nothing());
  }

  @Test
  void anEndThatNobodyCanBeToldIsTriedMoreAndMoreRarely() {
    assertThat(pauseAfter(Duration.ofMinutes(4))).isEqualTo(Duration.ofMinutes(1));
    assertThat(pauseAfter(Duration.ofMinutes(10))).isEqualTo(Duration.ofSeconds(150));
    assertThat(pauseAfter(Duration.ofHours(4))).isEqualTo(Duration.ofHours(1));
    assertThat(pauseAfter(Duration.ofDays(7))).isEqualTo(Duration.ofHours(1));
    // ended by a task whose clock is ahead, or by one that keeps jobs for longer
    assertThat(pauseAfter(Duration.ofDays(-7))).isEqualTo(Duration.ofMinutes(1));
  }

  private Duration pauseAfter(Duration sinceItsEnd) {
    endedAt = NOW - sinceItsEnd.toMillis();
    return Duration.ofMillis(((Decision.Deliver) decide(FAILED)).lookAt() - NOW);
  }

  @Test
  void aShortLeaseHasAShortGrace() {
    assertThat(Due.of(Duration.ofSeconds(6), Duration.ofSeconds(5), RETENTION, _ -> 1).grace())
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(DUE.grace()).isEqualTo(Duration.ofSeconds(10));
  }

  private ErrorCode end(JobStatus status, Step step) {
    var end = (Decision.End) decide(status);
    assertThat(end.step()).isEqualTo(step);
    return end.problem().code();
  }

  private Decision decide(JobStatus status) {
    var job =
        new Job(
            JobId.of("acme", "ann", "r1"),
            "run-1",
            new Caller("acme", "ann", Set.of()),
            "r1",
            "report",
            "hash",
            Optional.empty(),
            createdAt,
            terms,
            status,
            3,
            attempt,
            "nonce",
            leaseUntil,
            40,
            "",
            3_000_000_001L,
            0,
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            dueAt,
            marks,
            endedAt / 1_000 + RETENTION.toSeconds(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var decision = DUE.decide(job, NOW);
    switch (decision) {
      case Decision.Start(var step, _) -> assertLegal(status, step);
      case Decision.End(var step, _) -> assertLegal(status, step);
      case Decision.AskToStop _,
          Decision.LookLater _,
          Decision.Deliver _,
          Decision.Sweep _,
          Decision.Nothing _ -> {}
    }
    return decision;
  }

  private static void assertLegal(JobStatus from, Step step) {
    assertThat(step.from()).contains(from);
  }
}
