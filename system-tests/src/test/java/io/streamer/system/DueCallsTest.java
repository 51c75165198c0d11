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
import io.streamer.shared.store.Claim;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.Said;
import io.streamer.shared.store.due.Cancelled;
import io.streamer.shared.store.due.DueCalls;
import io.streamer.shared.store.letter.DeadLetter;
import io.streamer.shared.store.letter.DeadLetterCalls;
import io.streamer.shared.store.letter.Redriven;
import io.streamer.shared.table.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What happens to a job besides its run, on real tables, by either client. */
@ParameterizedClass
@EnumSource
class DueCallsTest {
  private static final JobLimits LIMITS =
      new JobLimits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofDays(7));
  private static final Due DUE =
      Due.of(LIMITS.lease(), LIMITS.dueAfter(), LIMITS.retention(), _ -> 2);
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
  void anOwnerIsKnownByItsConnectionUntilWhenEverThatMayLive() {
    var job = submitted(new Options(0, 0, null, true));
    var later = new Route(ROUTE.connection(), ROUTE.endpoint(), ROUTE.expiresAt() + 60);
    assertThat(run(due.abandon(job, later, now + 5_000))).isTrue();
    var other = submitted(new Options(0, 0, null, true));
    var elsewhere = new Route(ROUTE.connection(), "node:n9", ROUTE.expiresAt());
    assertThat(run(due.abandon(other, elsewhere, now + 5_000))).isFalse();
  }

  @Test
  void anOwnerWhoComesBackAtTheLastMomentKeepsItsJob() {
    for (boolean running : new boolean[] {false, true}) {
      var first = submitted(new Options(0, 0, null, true));
      var job = running ? claim(first.id(), 0) : first;
      assertThat(run(due.abandon(job, ROUTE, now + 5_000))).isTrue();
      now += 5_000;
      var seen = run(jobs.find(job.id())).orElseThrow();
      var back = new Route("new=", "node:n1", 1_999_999_999L);
      run(jobs.attach(job.id(), job.owner(), back));
      // what was seen before it came back decides nothing any more
      switch (DUE.decide(seen, now)) {
        case Decision.End end ->
            assertThat(run(due.end(seen, end, nonce()))).isEqualTo(new Kept.Lost());
        case Decision.AskToStop _ -> assertThat(run(due.stopAbandoned(seen))).isFalse();
        case Decision other -> throw new AssertionError(other);
      }
      var kept = run(jobs.find(job.id())).orElseThrow();
      assertThat(kept.status()).isEqualTo(job.status());
      assertThat(kept.marks().cancel()).isFalse();
    }
  }

  @Test
  void theHolderOfAnAbandonedJobIsAskedToStop() {
    var job = claim(submitted(new Options(0, 0, null, true)).id(), 0);
    run(due.abandon(job, ROUTE, now + 5_000));
    now += 5_000;
    var seen = run(jobs.find(job.id())).orElseThrow();
    assertThat(DUE.decide(seen, now)).isEqualTo(new Decision.AskToStop());
    assertThat(run(due.stopAbandoned(seen))).isTrue();
    assertThat(run(jobs.find(job.id())).orElseThrow().marks().cancel()).isTrue();
  }

  @Test
  void anAbandonedJobWhoseHolderDiedIsBuriedUnlessItsOwnerIsBack() {
    var job = claim(submitted(new Options(0, 0, null, true)).id(), 0);
    run(due.abandon(job, ROUTE, now + 5_000));
    now += 70_000;
    var seen = run(jobs.find(job.id())).orElseThrow();
    var end = (Decision.End) DUE.decide(seen, now);
    assertThat(end.step()).isEqualTo(Step.BURY);
    run(jobs.attach(job.id(), job.owner(), new Route("new=", "node:n1", 1_999_999_999L)));
    assertThat(run(due.end(seen, end, nonce()))).isEqualTo(new Kept.Lost());

    var other = claim(submitted(new Options(0, 0, null, true)).id(), 0);
    run(due.abandon(other, ROUTE, now + 5_000));
    now += 70_000;
    var gone = run(jobs.find(other.id())).orElseThrow();
    assertThat(still(twice(due.end(gone, end, "d9"))).status()).isEqualTo(JobStatus.CANCELLED);
  }

  @Test
  void whatIsDueComesPageByPageTheLongestDueFirst() {
    var shard = submitted(Options.NONE).id().dueShard();
    var all = new ArrayList<Job>();
    while (all.size() < 5) {
      var job = submitted(Options.NONE);
      now += 1;
      if (job.id().dueShard() == shard) {
        all.add(job);
      }
    }
    now += 60_000;
    var found = new ArrayList<Job>();
    var cursor = Optional.<String>empty();
    do {
      var page = run(due.due(shard, 2, cursor));
      assertThat(page.jobs()).hasSizeLessThanOrEqualTo(2);
      found.addAll(page.jobs());
      cursor = page.next();
    } while (cursor.isPresent());
    assertThat(found).containsSubsequence(all);
    assertThat(found).isSortedAccordingTo(Comparator.comparing(job -> job.dueAt().orElseThrow()));
  }

  @Test
  void aRowThatCannotBeReadIsToldApartAndSetAside() {
    var id = submitted(Options.NONE).id();
    local.client.updateItem(update ->
        update
            .tableName(local.tables.jobs())
            .key(Map.of("jobId", AttributeValue.fromS(id.value())))
            .updateExpression("SET epoch = :e")
            .expressionAttributeValues(Map.of(":e", AttributeValue.fromS("no number"))));
    now += 60_000;
    assertThat(run(due.due(id.dueShard(), 100, Optional.empty())).unreadable()).contains(id);
    assertThat(twice(due.setAside(id, now + 1_000))).isTrue();
    assertThat(run(due.due(id.dueShard(), 100, Optional.empty())).unreadable()).doesNotContain(id);
    assertThat(run(due.setAside(new JobId("nobody"), now))).isFalse();
    assertThat(local.item(local.tables.jobs(), "jobId", "nobody")).isEmpty();
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
    assertThat(run(dead.list(ann.tenant(), 10, Optional.empty())).items())
        .containsExactly(new DeadLetter(failed, Optional.of(now)));
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
