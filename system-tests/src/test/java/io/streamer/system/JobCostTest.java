package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.cost.JobUse;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.shared.blob.Results;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.protocol.ClientFrame.Options;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.SdkRequests;
import io.streamer.testtools.Until;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What a job costs, as the tables themselves count it, is what {@code ./streamer cost} says. */
@Timeout(60)
class JobCostTest extends WorkerFixture {
  private static final Duration SLOT = Duration.ofMillis(101);
  private static final double SLOTS_PER_SECOND = 1_000.0 / SLOT.toMillis();
  private static final double KB = 1_024;
  private static final double MOST = JobUse.MOST_INLINE_KB;
  private static final Duration LEASE = Duration.ofSeconds(60);

  private FaultyStore tables;
  private DynamoDbClient counted;

  @BeforeEach
  void count() throws Exception {
    worker.close();
    tables = new FaultyStore(server.uri());
    counted = client(tables.uri());
    worker = worker(tables.uri());
    tables.count();
  }

  @AfterEach
  void stopCounting() {
    counted.close();
    tables.close();
  }

  @ParameterizedTest
  @CsvSource({
    // seconds, reports
    "2, 0, 6",
    "2, 10, 7",
    "5, 10, 8",
    "5, 1000, 8",
    "10, 1000, 10",
    "31, 1000, 17",
  })
  void reportsAreStoredEachThreeSeconds(double seconds, int reports, double expected)
      throws Exception {
    int slots = (int) Math.ceil(seconds * SLOTS_PER_SECOND);
    var every = Math.max(1, reports == 0 ? slots : slots / reports);
    var each = Math.max(1, reports / slots);
    behaviour =
        (_, run) -> {
          for (int slot = 0; slot < slots; slot++) {
            if (reports > 0 && slot % every == 0 && slot / every * each < reports) {
              for (int i = 0; i < each; i++) {
                run.progress(99.0 * (slot * each + i) / (slots * each), "report " + slot + i);
              }
              // what is to be kept is kept before it is sent
              node.next();
            }
            time.advance(SLOT);
          }
          return RawJson.of("{}");
        };
    var id = submitted("{}");
    run(id);

    assertCosts(id, new JobUse(seconds, reports, 0, 0, MOST, 0, 0, 0, 0), expected);
  }

  @Test
  void reportsAreStoredEachWhereTheyAreSeldom() throws Exception {
    var submitted = submitted("{}");
    behaviour =
        (_, run) -> {
          for (int i = 1; i <= 5; i++) {
            var said = "report " + i;
            run.progress(i, said);
            node.next();
            time.advance(Duration.ofMillis(1_500));
            Until.holds("it is stored", () -> find(submitted).message().equals(said));
          }
          return RawJson.of("{}");
        };
    run(submitted);

    assertCosts(submitted, new JobUse(7.5, 5, 0, 0, MOST, 0, 0, 0, 0), 11);
  }

  @ParameterizedTest
  @CsvSource({
    // bytes of payload and of result
    "10, 10, 6",
    "200, 300, 6",
    "300, 10, 7",
    "900, 10, 7",
    "1000, 10, 8",
    "10000, 10, 16",
    "100000, 10, 104",
    "10, 500, 6",
    "10, 800, 7",
    "10, 1000, 8",
    "10, 10000, 16",
    "10, 100000, 104",
    "4500, 4500, 16",
  })
  void aPayloadAndAResultCostAUnitForEachKbBesideTheRow(int payload, int result, double expected)
      throws Exception {
    behaviour = (_, _) -> text(result);
    var id = submitted(text(payload).toString());
    run(id);

    assertCosts(id, new JobUse(0, 0, payload / KB, result / KB, MOST, 0, 0, 0, 0), expected);
  }

  @ParameterizedTest
  @CsvSource({"200, 26", "2000, 46"})
  void anEventCostsItsKbAndTheRow(int bytes, double expected) throws Exception {
    behaviour =
        (_, run) -> {
          for (int i = 0; i < 10; i++) {
            run.emit("row", text(bytes));
            node.next();
            time.advance(Duration.ofMillis(500));
          }
          return RawJson.of("{}");
        };
    var id = submitted("{}");
    run(id);

    assertCosts(id, new JobUse(5, 0, 0, 0, MOST, 10, bytes / KB, 0, 0), expected);
  }

  @ParameterizedTest
  @CsvSource({"200, 12", "2000, 18"})
  void aCheckpointCostsItsKbAndTheRow(int bytes, double expected) throws Exception {
    behaviour =
        (_, run) -> {
          for (int i = 0; i < 3; i++) {
            run.checkpoint(text(bytes));
          }
          return RawJson.of("{}");
        };
    var id = submitted("{}");
    run(id);

    assertCosts(id, new JobUse(0, 0, 0, 0, MOST, 0, 0, 3, bytes / KB), expected);
  }

  @Test
  void aSilentMinuteCostsItsLeaseAndALook() throws Exception {
    behaviour = this::waits;
    var id = submitted("{}");
    var invocation = start(id);
    untilCalled(1);
    for (int i = 0; i < 3; i++) {
      renewed(id, invocation);
    }
    look(id);
    release.countDown();
    invocation.get();

    assertCosts(id, new JobUse(60, 0, 0, 0, MOST, 0, 0, 0, 0), 12);
  }

  @Test
  void aResultLeavesTheTablesWhereTheWorkerSaysSo() {
    assertThat(MOST * KB).isEqualTo(Results.MOST_INLINE_BYTES);
  }

  private RawJson waits(RawJson request, Run run) throws InterruptedException {
    release.await();
    return request;
  }

  private void assertCosts(JobId id, JobUse use, double expected) {
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(find(id).dueAt()).isEmpty();
    assertThat(tables.writeUnits()).isEqualTo(expected).isEqualTo(use.writes());
    assertThat(tables.readUnits()).isLessThanOrEqualTo(use.reads());
  }

  private JobId submitted(String payload) {
    var request = request("persist", payload, Optional.of(route("c1")), Options.NONE);
    counted(jobs.submit(request));
    return request.id();
  }

  /** As the dispatcher does in each minute of a job that runs. */
  private void look(JobId id) {
    counted(dues.lookLater(find(id), time.millis() + LEASE.toMillis()));
  }

  private <T> T counted(Call<T> call) {
    return call.run(request -> SdkRequests.send(counted, request));
  }

  private static RawJson text(int bytes) {
    return RawJson.of('"' + "x".repeat(bytes - 2) + '"');
  }
}
