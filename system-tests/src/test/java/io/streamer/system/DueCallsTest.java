package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.Due;
import io.streamer.shared.job.Due.Decision;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.job.Route;
import io.streamer.shared.job.Transitions.Step;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.store.Attachment;
import io.streamer.shared.store.Call;
import io.streamer.shared.store.Cancelled;
import io.streamer.shared.store.Claim;
import io.streamer.shared.store.DeadLetterCalls;
import io.streamer.shared.store.DueCalls;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.Redriven;
import io.streamer.shared.store.Said;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to a job besides its run, on real tables, by either client. */
@ParameterizedClass
@EnumSource
class DueCallsTest {
  private static final JobLimits LIMITS =
      new JobLimits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofDays(7));
  private static final Due DUE = Due.of(LIMITS.lease(), LIMITS.dueAfter(), _ -> 2);
  private static final Route ROUTE = new Route("L0SM9cOFvHcCIhw=", "node:n1", 1_999_999_999L);
  private static final Said HALF = new Said(new Report(50, "half"), 1_000_000_009L, Map.of());

  private static LocalTables local;

  @Parameter private LocalTables.Way way;

  private final Caller ann = new Caller("acme" + UUID.randomUUID(), "ann", Set.of());
  private long now = System.currentTimeMillis();
  private final JobCalls jobs = new JobCalls(local.tables, LIMITS, () -> Instant.ofEpochMilli(now));
  private final DueCalls due = new DueCalls(local.tables, LIMITS, () -> Instant.ofEpochMilli(now));
  private final DeadLetterCalls dead =
      new DeadLetterCalls(local.tables, LIMITS, () -> Instant.ofEpochMilli(now));

  @BeforeAll
  static void start() {
    local = LocalTables.onDynamoDbLocal();
    local.create();
  }

  @AfterAll
  static void stop() {
    local.close();
  }

  @Test
  void aJobIsDueWhenItsTimeHasCome() {
    var job = submitted(Options.NONE);
    assertThat(due(job)).doesNotContain(job);
    now += 60_000;
    assertThat(due(job)).contains(job);
  }

  @Test
  void aStartThatWasLostIsGivenAgainOnce() {
    var job = submitted(Options.NONE);
    now += 60_000;
    var again = still(twice(due.start(job, start(job), "d1")));
    assertThat(again.dueAt()).contains(now + 60_000);
    assertThat(again.epoch()).isZero();
    assertThat(started(job)).isTrue();
    assertThat(run(due.start(job, start(job), "d2"))).isEqualTo(new Kept.Lost());
    assertThat(claim(job.id(), 0).attempt()).isEqualTo(1);
  }

  @Test
  void aDelayedJobWaitsAndIsAdmitted() {
    var job = submitted(new Options(3, 5_000, null, false));
    assertThat(job.status()).isEqualTo(JobStatus.WAITING);
    assertThat(job.terms().priority()).isEqualTo(3);
    assertThat(job.dueAt()).contains(now + 5_000);
    assertThat(started(job)).isFalse();
    assertThat(run(jobs.claim(job.id(), 0, nonce()))).isEqualTo(new Claim.Taken());
    now += 5_000;
    assertThat(still(run(due.start(job, start(job), nonce()))).status())
        .isEqualTo(JobStatus.QUEUED);
    assertThat(started(job)).isTrue();
  }

  @Test
  void aLostLeaseIsAnotherAttemptAndItsHolderIsFencedOut() {
    var old = claimed(Options.NONE);
    now += 70_000;
    var queued = still(twice(due.start(old, start(old), "d1")));
    assertThat(queued.attempt()).isEqualTo(2);
    assertThat(run(jobs.renew(old, 1, nonce()))).isEqualTo(new Kept.Lost());
    var heir = claim(old.id(), 1);
    assertThat(heir.epoch()).isEqualTo(2);
    now += 70_000;
    var ended = still(twice(due.end(heir, (Decision.End) DUE.decide(heir, now), "d2")));
    assertThat(ended.status()).isEqualTo(JobStatus.FAILED);
    assertThat(ended.epoch()).isEqualTo(3);
    assertThat(ended.seq()).isEqualTo(3_000_000_001L);
    assertThat(ended.error().orElseThrow().code()).isEqualTo(ErrorCode.PROCESSING_FAILED);
    assertThat(run(jobs.finish(heir, success(), HALF.last(), 9, Map.of(), nonce())))
        .isEqualTo(new Kept.Lost());
  }

  @Test
  void aLeaseThatWasRenewedIsNotTakenAway() {
    var job = claimed(Options.NONE);
    var seen = job;
    now += 70_000;
    var renewed = still(run(jobs.renew(job, 1_000_000_001L, nonce())));
    assertThat(run(due.start(seen, new Decision.Start(Step.RECOVER, now), nonce())))
        .isEqualTo(new Kept.Lost());
    assertThat(twice(due.lookLater(renewed, renewed.leaseUntil()))).isTrue();
    assertThat(run(jobs.find(job.id())).orElseThrow().dueAt()).contains(renewed.leaseUntil());
    assertThat(run(jobs.find(job.id())).orElseThrow().claim()).isEqualTo(renewed.claim());
  }

  @Test
  void aFailedAttemptComesBackAndCounts() {
    var job = claimed(Options.NONE);
    var retrying = still(twice(jobs.retry(job, now + 2_000, true, HALF, "w1")));
    assertThat(retrying.status()).isEqualTo(JobStatus.RETRYING);
    assertThat(retrying.attempt()).isEqualTo(2);
    assertThat(retrying.dueAt()).contains(now + 2_000);
    assertThat(run(jobs.claim(job.id(), 1, nonce()))).isEqualTo(new Claim.Taken());
    now += 2_000;
    run(due.start(retrying, start(retrying), nonce()));
    assertThat(claim(job.id(), 1).attempt()).isEqualTo(2);
  }

  @Test
  void aJobThatIsHandedOnIsStartedInTheSameAttempt() {
    var job = claimed(Options.NONE);
    var queued = still(twice(jobs.handOn(job, HALF, "w1")));
    assertThat(queued.status()).isEqualTo(JobStatus.QUEUED);
    assertThat(started(job)).isTrue();
    var next = claim(job.id(), 1);
    assertThat(next.attempt()).isEqualTo(1);
    assertThat(next.percentage()).isEqualTo(50);
  }

  @Test
  void whatNobodyHoldsIsCancelledAtOnce() {
    for (var job :
        new Job[] {submitted(Options.NONE), submitted(new Options(0, 999, null, false))}) {
      var ended = (Cancelled.Ended) twice(due.cancel(job, "g1"));
      assertThat(ended.job().status()).isEqualTo(JobStatus.CANCELLED);
      assertThat(ended.job().seq()).isEqualTo(1_000_000_001L);
      assertThat(run(jobs.claim(job.id(), 0, nonce()))).isEqualTo(new Claim.Taken());
      assertThat(run(due.cancel(ended.job(), nonce()))).isInstanceOf(Cancelled.TooLate.class);
    }
  }

  @Test
  void aCancelMeetsTheJobAsItIsByNow() {
    var seen = submitted(Options.NONE);
    var job = claim(seen.id(), 0);
    assertThat(twice(due.cancel(seen, "g1"))).isInstanceOf(Cancelled.Asked.class);
    assertThat(run(jobs.peek(job.id())).orElseThrow().marks().cancel()).isTrue();
    for (var kept :
        new Kept[] {
          run(jobs.keep(job, HALF.last(), 1_000_000_003L, Map.of(), nonce())),
          twice(jobs.finish(job, success(), HALF.last(), 1_000_000_009L, Map.of(), "w1"))
        }) {
      assertThat(kept).isInstanceOf(Kept.Still.class);
    }
    var ended = run(jobs.find(job.id())).orElseThrow();
    assertThat(ended.status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(ended.seq()).isEqualTo(1_000_000_009L);
    assertThat(ended.result()).isEmpty();
  }

  @Test
  void aRetryOrAHandingOnMeetsACancel() {
    var one = claimed(Options.NONE);
    run(due.cancel(one, nonce()));
    assertThat(still(run(jobs.retry(one, now, true, HALF, nonce()))).status())
        .isEqualTo(JobStatus.CANCELLED);
    var other = claimed(Options.NONE);
    run(due.cancel(other, nonce()));
    assertThat(still(run(jobs.handOn(other, HALF, nonce()))).status())
        .isEqualTo(JobStatus.CANCELLED);
  }

  @Test
  void aDeadlineEndsAJobWhereverItStands() {
    var job = claimed(new Options(0, 0, 3_000L, false));
    assertThat(job.dueAt()).contains(now + 3_000);
    now += 3_000;
    var ended = still(run(due.end(job, (Decision.End) DUE.decide(job, now), nonce())));
    assertThat(ended.status()).isEqualTo(JobStatus.TIMED_OUT);
    assertThat(run(jobs.renew(job, 1, nonce()))).isEqualTo(new Kept.Lost());
  }

  @Test
  void anOwnerWhoComesBackInTimeKeepsItsJob() {
    var job = submitted(new Options(0, 0, null, true));
    assertThat(run(due.abandon(job, ROUTE, now + 5_000))).isTrue();
    var left = run(jobs.find(job.id())).orElseThrow();
    assertThat(left.dueAt()).contains(now + 5_000);
    var back = new Route("new=", "node:n1", 1_999_999_999L);
    var attached = (Attachment.Attached) run(jobs.attach(job.id(), job.owner(), back));
    assertThat(attached.job().marks().abandonAt()).isEmpty();
    assertThat(run(due.abandon(left, ROUTE, now + 5_000))).isFalse();
  }

  @Test
  void aDeadLetterIsDoneAgainOnce() {
    var job = claimed(Options.NONE);
    now += 1;
    var problem = io.streamer.shared.protocol.Problem.of(ErrorCode.PROCESSING_FAILED, "no");
    var failed =
        still(
            run(
                jobs.finish(
                    job, new Outcome.Failed(problem), HALF.last(), 1_000_000_009L, Map.of(), "n")));
    assertThat(run(dead.list(ann.tenant(), 10, Optional.empty())).items()).containsExactly(failed);
    var again = (Redriven.Again) twice(dead.redrive(failed, nonce()));
    var second = (Redriven.Again) run(dead.redrive(failed, nonce()));
    assertThat(second.job().id()).isEqualTo(again.job().id());
    assertThat(again.job().terms().redriveOf()).contains(failed.id());
    assertThat(run(jobs.content(again.job())).payload()).isEqualTo(RawJson.of("{}"));
    assertThat(run(dead.list(ann.tenant(), 10, Optional.empty())).items()).isEmpty();
    assertThat(run(jobs.find(failed.id())).orElseThrow().marks().redrivenBy())
        .contains(again.job().id());
    assertThat(run(dead.redrive(again.job(), nonce()))).isEqualTo(new Redriven.NotFailed());
  }

  private static Outcome success() {
    return new Outcome.Succeeded(RawJson.of("{}"));
  }

  private List<Job> due(Job job) {
    return run(due.due(job.id().dueShard(), 100, Optional.empty())).jobs();
  }

  private Decision.Start start(Job job) {
    return (Decision.Start) DUE.decide(job, now);
  }

  private boolean started(Job job) {
    return local.item(local.tables.jobs(), "jobId", job.id().value()).containsKey("start");
  }

  private Job claimed(Options options) {
    return claim(submitted(options).id(), 0);
  }

  private Job claim(JobId id, long epoch) {
    return ((Claim.Claimed) run(jobs.claim(id, epoch, nonce()))).job();
  }

  private Job submitted(Options options) {
    return run(jobs.submit(
            new NewJob(
                nonce(),
                ann,
                nonce(),
                "report",
                RawJson.of("{}"),
                Map.of(),
                Optional.empty(),
                Optional.of(ROUTE),
                options,
                Optional.empty())))
        .job();
  }

  private static Job still(Kept kept) {
    return ((Kept.Still) kept).job();
  }

  private <T> T run(Call<T> call) {
    return local.run(way, call);
  }

  private <T> T twice(Call<T> call) {
    return local.runWithEveryWriteSentTwice(way, call);
  }

  private static String nonce() {
    return UUID.randomUUID().toString();
  }
}
