package etl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamer.emulator.fault.Trap;
import io.streamer.test.stage.Progress;
import io.streamer.test.stage.StageExtension;
import io.streamer.test.stage.StageFaults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The handlers in the whole of Streamer, on free ports of this machine. */
class LoadStageTest {
  private static final Path WAREHOUSE = Path.of("target", "warehouse");
  private static volatile Duration later = Duration.ZERO;

  @RegisterExtension
  static final StageExtension STAGE =
      StageExtension.with(new Actions())
          // the gateway's clock is the test's: nobody waits for a lease to be over
          .gatewayTime(() -> Instant.now().plus(later))
          .settings(
              Map.of(
                  "STREAMER_HEARTBEAT", "1d",
                  "ETL_PACE_MS", "0",
                  "ETL_WAREHOUSE", WAREHOUSE.toString()));

  @Test
  void aLoadWhoseWorkerIsKilledGoesOnWithTheNextPart(StageFaults faults) throws Exception {
    var killed =
        faults.all().when(write -> write.sets("checkpoint").isPresent()).nth(3).then(Trap.kill());
    try (var client = STAGE.as("ann", "acme").direct()) {
      var job = client.send("load-1", "etl.load", new Load.Request(Orders.good(1_050)));
      killed.await(Duration.ofSeconds(20));
      later = Duration.ofHours(1);
      STAGE.stage().runDue();

      var reply = job.reply().answered();
      assertEquals(new Load.Result(1_050, 0, 262_500, ""), reply.as(Load.Result.class));
      assertTrue(reply.progress().stream().mapToInt(Progress::attempt).anyMatch(it -> it == 2));
    }
    assertEquals(1_050, rows());
  }

  private static long rows() throws Exception {
    long rows = 0;
    try (var files = Files.walk(WAREHOUSE)) {
      for (var part : files.filter(file -> file.toString().endsWith(".csv")).toList()) {
        rows += Files.readAllLines(part).size() - 1;
      }
    }
    return rows;
  }
}
