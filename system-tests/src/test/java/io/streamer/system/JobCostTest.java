package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.cost.Units;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.JobStatus;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a job's run costs in write units, as the tables themselves count them. */
@Timeout(60)
class JobCostTest extends WorkerFixture {
  /** The row and its entry in the index of due jobs. */
  private static final int SUBMIT = 2;

  private static final int SLOTS = 50;
  private static final Duration SLOT = Duration.ofMillis(101);

  @Test
  void aThousandReportsCostWhatTenDo() throws Exception {
    var few = unitsOfARunWith(10);
    var many = unitsOfARunWith(1_000);
    assertThat(many).isEqualTo(few);
    // what ./streamer cost computes with
    assertThat(SUBMIT + many).isEqualTo(Units.JOB_WRITES);
  }

  /** Spread over five seconds. */
  private double unitsOfARunWith(int reports) throws Exception {
    worker.close();
    try (var tables = new FaultyStore(server.uri())) {
      worker = worker(tables.uri());
      var each = Math.max(1, reports / SLOTS);
      var every = Math.max(1, SLOTS / reports);
      behaviour =
          (_, run) -> {
            int n = 0;
            for (int slot = 0; slot < SLOTS; slot++) {
              if (slot % every == 0) {
                for (int i = 0; i < each; i++) {
                  n++;
                  run.progress(99.0 * n / reports, "report " + n);
                }
                // what is to be kept is kept before it is sent
                node.next();
              }
              time.advance(SLOT);
            }
            return RawJson.of("{\"reports\":" + n + "}");
          };
      var id = submit("persist", "{\"n\":" + reports + "}");
      tables.count();
      run(id);
      assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
      assertThat(find(id).dueAt()).isEmpty();
      assertThat(node.all().getLast().json().getJsonObject("result").getInteger("reports"))
          .isEqualTo(reports);
      return tables.writeUnits();
    }
  }
}
