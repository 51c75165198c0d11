package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.JobStatus;
import io.streamer.testtools.Until;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store that does not give a claimed job's data for a while costs the job no attempt. */
@Timeout(60)
class JobBeginTest extends WorkerFixture {
  /** Too large for the job's row. */
  private static final String PAYLOAD = "{\"text\":\"" + "x".repeat(2_000) + "\"}";

  private final AtomicBoolean there = new AtomicBoolean();
  private FaultyStore tables;

  @BeforeEach
  void putStoreBetween() throws Exception {
    worker.close();
    tables = new FaultyStore(server.uri());
    worker = worker(tables.uri());
    tables.when(List.of("GetItem", TABLES.jobData()), there::get);
  }

  @AfterEach
  void takeStoreAway() {
    tables.close();
  }

  @Test
  void theJobIsHeldAndBeginsOnceItsDataIsThere() throws Exception {
    var id = submit("probe", PAYLOAD);
    var invocation = start(id);
    untilAsked(1);
    var lease = find(id).leaseUntil();
    Until.matches(
        "the lease is renewed",
        () -> {
          // slowly: the worker's own looks have to keep up
          time.advance(Duration.ofMillis(50));
          return find(id).leaseUntil();
        },
        until -> until != lease);
    assertThat(find(id).status()).isEqualTo(JobStatus.RUNNING);
    assertThat(calls).hasValue(0);
    there.set(true);
    timePassesUntilDone(invocation, Duration.ofSeconds(1));

    var job = find(id);
    assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.epoch()).isEqualTo(1);
    assertThat(calls).hasValue(1);
    // so none came while it was held
    assertThat(Applied.of(node.all()).types()).containsExactly("progress", "complete");
  }

  @Test
  void aJobWhoseDataStaysAwayForMinutesIsHandedBackAndSucceedsAtItsFirstAttempt() throws Exception {
    var id = submit("probe", PAYLOAD);
    for (int i = 1; i <= 4; i++) {
      timePassesUntilDone(start(id), Duration.ofSeconds(5));
      var job = find(id);
      assertThat(job.status()).isEqualTo(JobStatus.RETRYING);
      assertThat(job.attempt()).isEqualTo(1);
      assertThat(job.epoch()).isEqualTo(i);
      awaken(id);
    }
    assertThat(calls).hasValue(0);
    assertThat(node.all()).isEmpty();
    there.set(true);
    run(id);
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(find(id).attempt()).isEqualTo(1);
  }

  @Test
  void aJobThatIsCancelledMeanwhileEndsAndNeverBegins() throws Exception {
    behaviour = (_, _) -> RawJson.of("{}");
    var id = submit("probe", PAYLOAD);
    var invocation = start(id);
    untilAsked(1);
    cancel(id);
    timePassesUntilDone(invocation, Duration.ofSeconds(1));

    assertThat(find(id).status()).isEqualTo(JobStatus.CANCELLED);
    // whoever looks after it tells its end
    assertThat(find(id).dueAt()).isPresent();
    assertThat(calls).hasValue(0);
  }

  private void untilAsked(int times) {
    Until.matches("the tables are asked", tables::met, met -> met >= times);
  }
}
