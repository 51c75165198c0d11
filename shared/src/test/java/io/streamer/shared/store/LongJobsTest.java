package io.streamer.shared.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job that is handed on for longer than its data was to stay. */
class LongJobsTest {
  private static final String LARGE = "\"" + "x".repeat(300_000) + "\"";

  private final AtomicLong now = new AtomicLong(LifeModel.NOW);
  private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
  private final JobCalls jobs = new JobCalls(LifeModel.TABLES, LifeModel.LIMITS, clock);
  private final RunCalls runs = new RunCalls(LifeModel.TABLES, LifeModel.LIMITS, clock);
  private final MemoryTables tables = new MemoryTables(Map.of());
  private final List<StoreRequest> sent = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 14})
  void itsPayloadIsThereForAYear(int everyDays) {
    var job = run(jobs.submit(Jobs.request("run-1", LARGE, Map.of()))).job();
    job = stored(job);
    for (int day = 0; day < 365; day += everyDays) {
      pass(Duration.ofDays(everyDays));
      assertThat(run(jobs.content(job)).payload()).isEqualTo(RawJson.of(LARGE));
    }
    assertThat(sent.stream().filter(StoreRequest.Update.class::isInstance).count())
        .isBetween(1L, 365L / 10);
  }

  @Test
  void whatIsStoredLateStaysAsLongAsWhatIsStoredAtOnce() {
    var queued = run(jobs.submit(Jobs.request("run-1", "{}", Map.of()))).job();
    var job = ((Claim.Claimed) run(jobs.claim(queued.id(), 0, "w"))).job();
    for (int i = 1; i <= 20; i++) {
      pass(Duration.ofDays(30));
      var said = new Said(new Report(i, ""), job.firstSeq() + 10L * i, Map.of());
      job = ((Kept.Still) run(runs.checkpoint(job, i, RawJson.of("1"), said, "c" + i))).job();
      assertThat(run(runs.step(job, "step-" + i, RawJson.of("2")))).isEqualTo(RawJson.of("2"));
      var event =
          new ServerFrame.Event(
              job.requestId(), job.id().value(), said.seq(), "page", RawJson.of("1"));
      job = ((Kept.Still) run(runs.append(job, List.of(event), said, "e" + i))).job();
      pass(Duration.ofDays(29));
      assertThat(run(runs.checkpoint(job))).isPresent();
      assertThat(run(runs.step(job, "step-" + i))).isPresent();
    }
  }

  /** Lets time pass, and has what has expired taken away. */
  private void pass(Duration time) {
    long to = now.addAndGet(time.toMillis()) / 1_000;
    tables
        .items()
        .values()
        .removeIf(item -> item.has("part") && item.findWhole(Tables.TTL).orElseThrow() < to);
  }

  private Job stored(Job job) {
    return run(jobs.find(job.id())).orElseThrow();
  }

  private <T> T run(Call<T> call) {
    var step = call;
    while (step instanceof Call.Ask<T>(var request, var next)) {
      sent.add(request);
      step = next.apply(tables.send(request));
    }
    return ((Call.Done<T>) step).value();
  }
}
