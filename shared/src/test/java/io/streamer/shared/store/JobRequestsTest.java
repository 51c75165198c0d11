package io.streamer.shared.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.job.Result;
import io.streamer.shared.job.Route;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import io.streamer.shared.table.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What JobCalls asks for, request by request; the answers to it are tried on real tables. */
class JobRequestsTest {
  private static final long NOW = 1_732_152_000_000L;
  private static final Answer EMPTY = new Answer.Row(Optional.empty());

  private final Tables tables = new Tables("t");
  private final JobCalls calls =
      new JobCalls(
          tables,
          new JobLimits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofDays(7)),
          InstantSource.fixed(Instant.ofEpochMilli(NOW)));
  private final Script script = new Script();
  private final List<StoreRequest> asked = script.asked;

  @Test
  void aSmallRequestIsOneRowThatStartsAWorker() {
    var stored = script.run(calls.submit(Jobs.request("run-1", "{\"a\":1}", Map.of())), EMPTY);
    assertThat(stored).isInstanceOf(Submitted.Stored.class);
    var put = (StoreRequest.Put) asked.getFirst();
    assertThat(asked).hasSize(1);
    assertThat(put.table()).isEqualTo("t-jobs");
    assertThat(put.conditions()).containsExactly(new Condition.Absent("jobId"));
    var row = put.item();
    assertThat(row.text("start")).isEqualTo("1");
    assertThat(row.text("status")).isEqualTo("QUEUED");
    assertThat(row.whole("epoch")).isZero();
    assertThat(row.whole("attempt")).isEqualTo(1);
    assertThat(row.whole("seq")).isZero();
    assertThat(row.whole("dueAt")).isEqualTo(NOW + 60_000);
    assertThat(row.text("owner")).isEqualTo("acme#ann");
    assertThat(row.has(Tables.TTL)).isFalse();
  }

  @Test
  void whatWouldMakeTheRowTooBigIsWrittenBesideItBeforeIt() {
    var request = Jobs.request("run-1", "{}", Map.of("note", "x".repeat(900)));
    var submitted = script.run(calls.submit(request), EMPTY, EMPTY);
    assertThat(asked).hasSize(2);
    var data = (StoreRequest.Put) asked.getFirst();
    assertThat(data.table()).isEqualTo("t-job_data");
    assertThat(data.item().text("job")).isEqualTo(request.id() + "#run-1");
    assertThat(data.item().text("part")).isEqualTo("payload");
    assertThat(JobItems.readContent(data.item())).contains(request.content());
    assertThat(data.item().whole(Tables.TTL))
        .isEqualTo(NOW / 1_000 + Duration.ofDays(37).toSeconds());
    var row = ((StoreRequest.Put) asked.getLast()).item();
    assertThat(row.has("payload")).isFalse();
    assertThat(row.has("metadata")).isFalse();
    assertThat(row.has("permissions")).isFalse();
    assertThat(submitted.job().content()).isEmpty();
  }

  @Test
  void aRefusedRequestTakesItsOwnPayloadAwayAgain() {
    var stored = Jobs.request("run-1", "{}", Map.of("note", "x".repeat(900)));
    script.run(calls.submit(stored), EMPTY, EMPTY);
    var there = ((StoreRequest.Put) asked.getLast()).item();
    var repeated = Jobs.request("run-2", "{}", Map.of("note", "x".repeat(900)));
    var refused = new Answer.Refused(Optional.of(there));
    assertThat(script.run(calls.submit(repeated), EMPTY, refused))
        .isInstanceOf(Submitted.Duplicate.class);

    var written = ((StoreRequest.Put) asked.get(2)).item();
    assertThat(script.run(calls.discard(repeated), new Answer.Row(Optional.of(written)))).isTrue();
    var deleted = (StoreRequest.Delete) asked.getLast();
    assertThat(deleted.table()).isEqualTo("t-job_data");
    assertThat(deleted.key().text("job")).isEqualTo(written.text("job")).endsWith("#run-2");
    assertThat(deleted.key().text("part")).isEqualTo(written.text("part"));
  }

  @Test
  void aRefusedRequestThatFitsItsRowLeavesNothing() {
    assertThat(script.run(calls.discard(Jobs.request("run-2", "{}", Map.of())))).isFalse();
    assertThat(asked).isEmpty();
  }

  @Test
  void aRowStaysWithinItsKilobyteWhateverThePayloadAndTheCommonLife() {
    for (int size = 0; size < 2_000; size += 7) {
      asked.clear();
      var request = Jobs.request(fresh(), "\"" + "p".repeat(size) + "\"", Map.of());
      var job = script.run(calls.submit(request), EMPTY, EMPTY).job();
      var row = ((StoreRequest.Put) asked.getLast()).item();
      assertThat(row.size()).as("payload of " + size).isLessThanOrEqualTo(1_024);
      asked.clear();
      var last = new Report(99.123456789, "m".repeat(150));
      script.run(calls.keep(job, last, 1_000_000_123L, Map.of(), fresh()), refused());
      var kept = new Item.Builder().putAll(row).putAll(setBy(asked.getFirst())).build();
      assertThat(kept.size()).as("kept, payload of " + size).isLessThanOrEqualTo(1_024);
    }
  }

  @Test
  void aSmallResultStandsInTheRowAndALargeOneBesideItBeforeIt() {
    var job = Jobs.job(JobStatus.RUNNING);
    script.run(finish(job, new Outcome.Succeeded(RawJson.of("{\"a\":1}"))), refused());
    assertThat(asked).hasSize(1);
    assertThat(setBy(asked.getFirst()).findJson("result")).contains(RawJson.of("{\"a\":1}"));

    asked.clear();
    var large = RawJson.of("{\"a\":\"" + "x".repeat(2_000) + "\"}");
    script.run(finish(job, new Outcome.Succeeded(large)), EMPTY, refused());
    assertThat(asked).hasSize(2);
    var data = ((StoreRequest.Put) asked.getFirst()).item();
    assertThat(data.text("part")).isEqualTo("result#0000000000000000003");
    assertThat(data.findJson("result")).contains(large);
    assertThat(data.whole(Tables.TTL)).isEqualTo(NOW / 1_000 + Duration.ofDays(7).toSeconds());
    var set = setBy(asked.getLast());
    assertThat(set.has("result")).isFalse();
    assertThat(set.text("resultRef")).isEqualTo("result#0000000000000000003");
  }

  @Test
  void aResultInTheObjectStoreIsNamedByTheRowAlone() {
    var result = new Result.Stored("results/acme/2024/11/21/0f/result.json");
    script.run(finish(Jobs.job(JobStatus.RUNNING), new Outcome.Succeeded(result)), refused());
    assertThat(asked).hasSize(1);
    var set = setBy(asked.getFirst());
    assertThat(set.text("resultRef")).isEqualTo(result.key());
    assertThat(set.has("result")).isFalse();

    var row =
        new Item.Builder()
            .putAll(JobItems.write(Jobs.job(JobStatus.SUCCEEDED)))
            .put("resultRef", result.key())
            .build();
    asked.clear();
    assertThat(script.run(calls.result(JobItems.read(row)))).contains(result);
    assertThat(asked).isEmpty();
  }

  @Test
  void aSuccessEndsAtAHundredAndStaysDue() {
    script.run(
        finish(Jobs.job(JobStatus.RUNNING), new Outcome.Succeeded(RawJson.of("{}"))), refused());
    var update = (StoreRequest.Update) asked.getFirst();
    var set = setBy(update);
    assertThat(set.text("status")).isEqualTo("SUCCEEDED");
    assertThat(set.number("percentage")).isEqualTo(100);
    assertThat(set.whole("seq")).isEqualTo(3_000_000_020L);
    assertThat(set.whole(Tables.TTL)).isEqualTo(NOW / 1_000 + Duration.ofDays(7).toSeconds());
    assertThat(update.remove()).containsExactlyInAnyOrder("start", "leaseUntil", "abandonAt");
    assertThat(update.conditions())
        .contains(
            new Condition.Equal("epoch", Value.of(3)),
            new Condition.Equal("run", Value.of(Jobs.job(JobStatus.RUNNING).run())));
  }

  @Test
  void aFailureIsListedAsDeadAndNeverShowsAHundred() {
    var job = Jobs.job(JobStatus.RUNNING);
    var call =
        calls.finish(
            job,
            new Outcome.Failed(Jobs.problem()),
            new Report(100, "done"),
            3_000_000_020L,
            Map.of(),
            "n");
    script.run(call, refused());
    var set = setBy(asked.getFirst());
    assertThat(set.text("status")).isEqualTo("FAILED");
    assertThat(set.number("percentage")).isEqualTo(45.5);
    assertThat(set.whole("deadAt")).isEqualTo(NOW);
    assertThat(set.findMap("error")).isPresent();
  }

  @Test
  void everyWriteButASubmitTakesTheStartAway() {
    var job = Jobs.job(JobStatus.RUNNING);
    var newest = new Report(50, "half");
    var route = new Route("c", "node:n2", 5);
    script.run(calls.claim(job.id(), 0, "n"), refused());
    script.run(calls.keep(job, newest, 5, Map.of(), "n"), refused());
    script.run(calls.renew(job, 5, "n"), refused());
    script.run(finish(job, new Outcome.Failed(Jobs.problem())), refused());
    script.run(calls.delivered(job), refused());
    script.run(calls.attach(job.id(), job.owner(), route), refused());
    assertThat(asked)
        .hasSize(6)
        .allSatisfy(
            request -> assertThat(((StoreRequest.Update) request).remove()).contains("start"));

    asked.clear();
    script.run(calls.overran(Jobs.request("run-1", "{}", Map.of()), 20, "going on"), EMPTY);
    assertThat(((StoreRequest.Put) asked.getFirst()).item().has("start")).isFalse();
  }

  @Test
  void anOverrunIsLeasedToItsGatewayAtTheFirstEpoch() {
    var stored =
        script
            .run(calls.overran(Jobs.request("run-1", "{}", Map.of()), 20, "going on"), EMPTY)
            .job();
    assertThat(stored.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(stored.epoch()).isEqualTo(1);
    assertThat(stored.attempt()).isEqualTo(1);
    assertThat(stored.claim()).isEqualTo("run-1");
    assertThat(stored.leaseUntil()).isEqualTo(NOW + 60_000);
    assertThat(stored.percentage()).isEqualTo(20);
    assertThat(stored.message()).isEqualTo("going on");
    assertThat(JobItems.read(((StoreRequest.Put) asked.getFirst()).item())).isEqualTo(stored);
  }

  @Test
  void aMalformedIdIsUnknownWithoutARequest() {
    var odd = new JobId("../../etc");
    assertThat(script.run(calls.find(odd))).isEmpty();
    assertThat(script.run(calls.peek(odd))).isEmpty();
    assertThat(script.run(calls.attach(odd, "acme#ann", new Route("c", "node:n", 1))))
        .isInstanceOf(Attachment.Unknown.class);
    assertThat(asked).isEmpty();
  }

  @Test
  void contentAndResultInTheRowNeedNoRequest() {
    var job =
        script.run(calls.submit(Jobs.request("run-1", "{\"a\":1}", Map.of("k", "v"))), EMPTY).job();
    asked.clear();
    assertThat(script.run(calls.content(job)))
        .isEqualTo(Jobs.request("run-1", "{\"a\":1}", Map.of("k", "v")).content());
    assertThat(script.run(calls.result(job))).isEmpty();
    assertThat(asked).isEmpty();
  }

  private Call<Kept> finish(Job job, Outcome outcome) {
    return calls.finish(job, outcome, new Report(60, "last"), 3_000_000_020L, Map.of(), "n");
  }

  private static Answer refused() {
    return new Answer.Refused(Optional.empty());
  }

  private static String fresh() {
    return UUID.randomUUID().toString();
  }

  private static Item setBy(StoreRequest request) {
    return new Item(((StoreRequest.Update) request).set());
  }
}
