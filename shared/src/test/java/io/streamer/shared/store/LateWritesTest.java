package io.streamer.shared.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.event.EventCalls;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.StoreRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A request that was given up reaches the tables behind those that were made after it. */
class LateWritesTest {
  private final JobCalls jobs = new JobCalls(LifeModel.TABLES, LifeModel.LIMITS, LifeModel.CLOCK);
  private final RunCalls runs = new RunCalls(LifeModel.TABLES, LifeModel.LIMITS, LifeModel.CLOCK);
  private final EventCalls events = new EventCalls(LifeModel.TABLES);
  private final MemoryTables tables = new MemoryTables(Map.of());
  private final List<StoreRequest> sent = new ArrayList<>();
  private Job job;

  @BeforeEach
  void claim() {
    var submitted = run(jobs.submit(Jobs.request("run-1", "{}", Map.of())));
    job = ((Claim.Claimed) run(jobs.claim(submitted.job().id(), 0, "w"))).job();
  }

  @Test
  void noneOfTheJobsEventsAreLost() {
    job = append(1, "first");
    var late = sent.getLast();
    job = append(2, "second");
    assertThat(tables.send(late)).isInstanceOf(Answer.Refused.class);
    assertThat(stored()).isEqualTo(job);

    job = append(3, "third");
    assertThat(run(events.after(job, 0, 10_000)).events())
        .extracting(ServerFrame.Replayed::seq)
        .containsExactly(job.firstSeq() + 1, job.firstSeq() + 2, job.firstSeq() + 3);
  }

  @Test
  void theCheckpointDoesNotFallBack() {
    var said = said(job.firstSeq());
    job = still(run(runs.checkpoint(job, 9, RawJson.of("9"), said, "c9")));
    var late = sent.getLast();
    job = still(run(runs.checkpoint(job, 10, RawJson.of("10"), said, "c10")));
    assertThat(tables.send(late)).isInstanceOf(Answer.Refused.class);
    assertThat(run(runs.checkpoint(stored())).orElseThrow().value()).isEqualTo(RawJson.of("10"));
  }

  @Test
  void theProgressDoesNotFallBack() {
    job = still(run(jobs.keep(job, new Report(20, ""), job.firstSeq() + 1, Map.of(), "k1")));
    var late = sent.getLast();
    job = still(run(jobs.renew(job, job.firstSeq() + 2, "k2")));
    assertThat(tables.send(late)).isInstanceOf(Answer.Refused.class);
    assertThat(stored()).isEqualTo(job);
  }

  @Test
  void aWriteThatIsSentAgainKnowsItself() {
    var append = runs.append(job, List.of(event(1)), said(job.firstSeq() + 1), "first");
    assertThat(run(append)).isEqualTo(run(append)).isInstanceOf(Kept.Still.class);
  }

  private Job append(int n, String nonce) {
    return still(run(runs.append(job, List.of(event(n)), said(job.firstSeq() + n), nonce)));
  }

  private ServerFrame.Event event(int n) {
    return new ServerFrame.Event(
        job.requestId(), job.id().value(), job.firstSeq() + n, "page", RawJson.of("1"));
  }

  private static Said said(long seq) {
    return new Said(new Report(10, ""), seq, Map.of());
  }

  private static Job still(Kept kept) {
    return ((Kept.Still) kept).job();
  }

  private Job stored() {
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
