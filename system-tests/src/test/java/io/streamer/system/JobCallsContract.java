package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.job.Result;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.store.Attachment;
import io.streamer.shared.store.Claim;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.Submitted;
import io.streamer.shared.table.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The life of a job on real tables, by either client; where the tables are, a subclass says. */
@ParameterizedClass
@EnumSource
abstract class JobCallsContract {
  private static final JobLimits LIMITS =
      new JobLimits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofDays(7));
  private static final Report HALF = new Report(50, "half");
  private static final Route ROUTE = new Route("L0SM9cOFvHcCIhw=", "node:n1", 1_999_999_999L);

  @Parameter private LocalTables.Way way;

  private final LocalTables local;

  private final Caller ann =
      new Caller("acme", "ann#" + UUID.randomUUID(), Set.of("reports:read", "reports:write"));
  private long now = System.currentTimeMillis();
  private final JobCalls calls;

  JobCallsContract(LocalTables local) {
    this.local = local;
    calls = new JobCalls(local.tables, LIMITS, () -> Instant.ofEpochMilli(now));
  }

  @Test
  void aSubmittedJobIsFoundAsItWasStored() {
    var stored = submitted("r1", "{\"a\":1}");
    assertThat(stored.status()).isEqualTo(JobStatus.QUEUED);
    assertThat(run(calls.find(stored.id()))).contains(stored);
    assertThat(run(calls.peek(stored.id()))).contains(stored);
    assertThat(run(calls.find(JobId.of("acme", "nobody", "r1")))).isEmpty();
    assertThat(row(stored).get("start").s()).isEqualTo("1");
  }

  @Test
  void contentComesBackByteForByteFromTheRowAndFromBesideIt() {
    for (var payload : List.of("{ \"a\" : 1.0 }", "{\"a\":\"" + "ü".repeat(30_000) + "\"}")) {
      var request = request("r" + payload.length(), payload);
      var job = run(calls.submit(request)).job();
      var found = run(calls.find(job.id())).orElseThrow();
      var content = run(calls.content(found));
      assertThat(content.payload()).isEqualTo(request.payload());
      assertThat(content.metadata()).isEqualTo(request.metadata());
      assertThat(content.permissions()).isEqualTo(ann.permissions());
      assertThat(found.traceparent()).isEqualTo(request.traceparent());
    }
  }

  @Test
  void theSameRequestTwiceIsStoredOnce() {
    var first = submitted("r1", "{}");
    assertThat(run(calls.submit(request("r1", "{}")))).isEqualTo(new Submitted.Duplicate(first));
    assertThat(run(calls.find(first.id()))).contains(first);
  }

  @Test
  void anotherRequestUnderTheSameIdClashes() {
    var first = submitted("r1", "{}");
    assertThat(run(calls.submit(request("r1", "{\"other\":true}"))))
        .isEqualTo(new Submitted.Clash(first));
  }

  @Test
  void aSubmitThatIsRefusedByItsOwnSuccessIsStored() {
    var result = twice(calls.submit(request("r1", "{}")));
    assertThat(result).isInstanceOf(Submitted.Stored.class);
    assertThat(run(calls.find(result.job().id()))).contains(result.job());
  }

  @Test
  void aClaimTakesTheNextEpochAndALease() {
    var job = claimed("r1");
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(job.epoch()).isEqualTo(1);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.leaseUntil()).isEqualTo(now + 60_000);
    assertThat(row(job)).doesNotContainKey("start");
  }

  @Test
  void aClaimThatIsRefusedByItsOwnSuccessIsClaimed() {
    var job = submitted("r1", "{}");
    assertThat(twice(calls.claim(job.id(), 0, "mine"))).isInstanceOf(Claim.Claimed.class);
  }

  @Test
  void ofManyClaimsOneWins() throws Exception {
    var job = submitted("r1", "{}");
    var claims = new ArrayList<Callable<Claim>>();
    for (int i = 0; i < 8; i++) {
      claims.add(() -> run(calls.claim(job.id(), 0, nonce())));
    }
    var won = 0;
    try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var claim : workers.invokeAll(claims)) {
        won += claim.get() instanceof Claim.Claimed ? 1 : 0;
      }
    }
    assertThat(won).isEqualTo(1);
  }

  @Test
  void whatIsNotThereOrOfAnotherEpochCannotBeClaimed() {
    var job = submitted("r1", "{}");
    assertThat(run(calls.claim(job.id(), 1, nonce()))).isEqualTo(new Claim.Taken());
    assertThat(run(calls.claim(JobId.of("acme", "nobody", "r"), 0, nonce())))
        .isEqualTo(new Claim.Taken());
  }

  @Test
  void progressIsKeptAndRenewsTheLease() {
    var job = claimed("r1");
    now += 5_000;
    var kept = still(run(calls.keep(job, HALF, 1_000_000_003L, Map.of("k", "v"), nonce())));
    assertThat(kept.percentage()).isEqualTo(50);
    assertThat(kept.message()).isEqualTo("half");
    assertThat(kept.seq()).isEqualTo(1_000_000_003L);
    assertThat(kept.annotations()).isEqualTo(Map.of("k", "v"));
    assertThat(kept.leaseUntil()).isEqualTo(now + 60_000);
    assertThat(kept.dueAt()).isEqualTo(job.dueAt());
    now += 5_000;
    var renewed = still(run(calls.renew(kept, 1_000_000_004L, nonce())));
    assertThat(renewed.leaseUntil()).isEqualTo(now + 60_000);
    assertThat(renewed.percentage()).isEqualTo(50);
    assertThat(run(calls.find(job.id()))).contains(renewed);
  }

  @Test
  void anOldEpochWritesNothing() {
    var old = claimed("r1");
    requeue(old);
    var heir = claim(old.id(), 1);
    assertThat(run(calls.keep(old, HALF, 1, Map.of(), nonce()))).isEqualTo(new Kept.Lost());
    assertThat(run(calls.renew(old, 1, nonce()))).isEqualTo(new Kept.Lost());
    assertThat(run(succeed(old, "{\"by\":\"old\"}", nonce()))).isEqualTo(new Kept.Lost());
    assertThat(run(calls.find(old.id()))).contains(heir);
    var large = "{\"by\":\"" + "x".repeat(5_000) + "\"}";
    var heirs = still(run(succeed(heir, large, nonce())));
    assertThat(run(succeed(old, large.replace('x', 'y'), nonce()))).isEqualTo(new Kept.Lost());
    assertThat(run(calls.result(heirs))).contains(new Result.Inline(RawJson.of(large)));
    assertThat(run(calls.delivered(old))).isFalse();
  }

  @Test
  void aHolderWhoseJobWasQueuedAgainHasLostIt() {
    var old = claimed("r1");
    requeue(old);
    assertThat(run(calls.keep(old, HALF, 1, Map.of(), nonce()))).isEqualTo(new Kept.Lost());
    assertThat(run(calls.find(old.id())).orElseThrow().status()).isEqualTo(JobStatus.QUEUED);
  }

  @Test
  void aResultIsReadBackFromTheRowAndFromBesideIt() {
    for (var result : List.of("{\"pages\": 3}", "{\"a\":\"" + "x".repeat(50_000) + "\"}")) {
      var finished = still(run(succeed(claimed("r" + result.length()), result, nonce())));
      assertThat(finished.status()).isEqualTo(JobStatus.SUCCEEDED);
      assertThat(finished.percentage()).isEqualTo(100);
      assertThat(finished.expiresAt()).isEqualTo(now / 1_000 + Duration.ofDays(7).toSeconds());
      var found = run(calls.find(finished.id())).orElseThrow();
      assertThat(found).isEqualTo(finished);
      assertThat(run(calls.result(found))).contains(new Result.Inline(RawJson.of(result)));
    }
  }

  @Test
  void aFailureIsKeptWithItsProblemAndListedAsDead() {
    var problem = Problem.of(ErrorCode.PROCESSING_FAILED, "no").with("reason", "FULL");
    var job = claimed("r1");
    var failed =
        still(run(calls.finish(job, new Outcome.Failed(problem), HALF, 9, Map.of(), nonce())));
    assertThat(failed.status()).isEqualTo(JobStatus.FAILED);
    assertThat(failed.percentage()).isEqualTo(50);
    assertThat(failed.error()).contains(problem);
    assertThat(local.indexed(local.tables.jobs(), "dead", "tenant", "acme"))
        .anySatisfy(entry -> assertThat(entry.get("jobId").s()).isEqualTo(job.id().value()));
  }

  @Test
  void whatFinishedFirstStaysFinished() {
    var job = claimed("r1");
    var finished = still(run(succeed(job, "{}", nonce())));
    var failure = new Outcome.Failed(Problem.of(ErrorCode.TIMEOUT, "late"));
    assertThat(run(calls.finish(job, failure, HALF, 99, Map.of(), nonce())))
        .isEqualTo(new Kept.Lost());
    assertThat(run(calls.keep(job, HALF, 99, Map.of(), nonce()))).isEqualTo(new Kept.Lost());
    assertThat(run(calls.claim(job.id(), 1, nonce()))).isEqualTo(new Claim.Taken());
    assertThat(run(calls.find(job.id()))).contains(finished);
  }

  @Test
  void anEndThatIsRefusedByItsOwnSuccessIsOurs() {
    var job = claimed("r1");
    var finished = still(twice(succeed(job, "{\"a\":\"" + "x".repeat(5_000) + "\"}", "mine")));
    assertThat(finished.status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(run(calls.find(job.id()))).contains(finished);
  }

  @Test
  void aJobLeavesDueWhenItsEndWasDelivered() {
    var job = claimed("r1");
    assertThat(dueEntries(job)).isEqualTo(1);
    assertThat(run(calls.delivered(job))).isFalse();
    var finished = still(run(succeed(job, "{}", nonce())));
    assertThat(dueEntries(job)).isEqualTo(1);
    assertThat(run(calls.delivered(finished))).isTrue();
    assertThat(dueEntries(job)).isZero();
    assertThat(run(calls.find(job.id())).orElseThrow().dueAt()).isEmpty();
    assertThat(twice(calls.delivered(finished))).isTrue();
  }

  @Test
  void itsOwnerAttachesAndSeesHowTheJobStands() {
    var job = claimed("r1");
    var kept = still(run(calls.keep(job, HALF, 1_000_000_002L, Map.of(), nonce())));
    var elsewhere = new Route("other=", "api:main", 1_999_999_998L);
    var attached = (Attachment.Attached) run(calls.attach(job.id(), job.owner(), elsewhere));
    assertThat(attached.job().route()).contains(elsewhere);
    assertThat(attached.job().seq()).isEqualTo(kept.seq());
    assertThat(attached.job().percentage()).isEqualTo(50);
    var next = still(run(calls.renew(kept, kept.seq(), nonce())));
    assertThat(next.route()).contains(elsewhere);
  }

  @Test
  void nobodyElseAttaches() {
    var job = submitted("r1", "{}");
    var other = Job.owner("acme", "bob");
    assertThat(run(calls.attach(job.id(), other, ROUTE))).isEqualTo(new Attachment.Unknown());
    assertThat(run(calls.attach(JobId.of("acme", "ann", "?"), job.owner(), ROUTE)))
        .isEqualTo(new Attachment.Unknown());
    assertThat(run(calls.find(job.id()))).contains(job);
  }

  @Test
  void anAttachBetweenAWriteAndItsRepetitionTakesNoOnesClaim() {
    var job = submitted("r1", "{}");
    run(calls.claim(job.id(), 0, "mine"));
    run(calls.attach(job.id(), job.owner(), new Route("new=", "node:n2", 1)));
    var again = (Claim.Claimed) run(calls.claim(job.id(), 0, "mine"));
    assertThat(again.job().route().orElseThrow().connection()).isEqualTo("new=");
  }

  @Test
  void anOverrunRunsOnWhereItRunsAndNobodyCanClaimIt() {
    var request = request("r1", "{}");
    var stored = twice(calls.overran(request, 20, "going on"));
    assertThat(stored).isInstanceOf(Submitted.Stored.class);
    var job = stored.job();
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(row(job)).doesNotContainKey("start");
    assertThat(run(calls.claim(job.id(), 0, nonce()))).isEqualTo(new Claim.Taken());
    assertThat(run(calls.claim(job.id(), 1, nonce()))).isEqualTo(new Claim.Taken());
    var finished = still(run(succeed(job, "{}", nonce())));
    assertThat(finished.epoch()).isEqualTo(1);
    assertThat(run(calls.overran(request("r1", "{}"), 30, "another run")))
        .isEqualTo(new Submitted.Duplicate(finished));
    assertThat(run(calls.overran(request("r1", "[]"), 30, "another payload")))
        .isEqualTo(new Submitted.Clash(finished));
  }

  private Job submitted(String id, String payload) {
    var result = run(calls.submit(request(id, payload)));
    assertThat(result).isInstanceOf(Submitted.Stored.class);
    return result.job();
  }

  private Job claimed(String id) {
    return claim(submitted(id, "{}").id(), 0);
  }

  private Job claim(JobId id, long epoch) {
    return ((Claim.Claimed) run(calls.claim(id, epoch, nonce()))).job();
  }

  private Call<Kept> succeed(Job job, String result, String nonce) {
    var outcome = new Outcome.Succeeded(RawJson.of(result));
    return calls.finish(job, outcome, HALF, job.firstSeq() + 7, Map.of(), nonce);
  }

  private static Job still(Kept kept) {
    return ((Kept.Still) kept).job();
  }

  private NewJob request(String id, String payload) {
    return request(ann, id, payload);
  }

  private static NewJob request(Caller caller, String id, String payload) {
    return new NewJob(
        nonce(),
        caller,
        id,
        "report",
        RawJson.of(payload),
        Map.of("source", "test"),
        Optional.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        Optional.of(ROUTE),
        Options.NONE,
        Optional.empty());
  }

  /** What is done to a job whose lease was lost. */
  private void requeue(Job job) {
    local.client.updateItem(update ->
        update
            .tableName(local.tables.jobs())
            .key(Map.of("jobId", AttributeValue.fromS(job.id().value())))
            .updateExpression("SET #status = :queued")
            .expressionAttributeNames(Map.of("#status", "status"))
            .expressionAttributeValues(Map.of(":queued", AttributeValue.fromS("QUEUED"))));
  }

  private Map<String, AttributeValue> row(Job job) {
    return local.item(local.tables.jobs(), "jobId", job.id().value());
  }

  private int dueEntries(Job job) {
    var shard = String.format(Locale.ROOT, "%02d", job.id().dueShard());
    return (int)
        local.indexed(local.tables.jobs(), "due", "dueShard", shard).stream()
            .filter(entry -> entry.get("jobId").s().equals(job.id().value()))
            .count();
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
