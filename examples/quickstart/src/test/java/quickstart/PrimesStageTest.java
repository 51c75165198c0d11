package quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamer.emulator.fault.Trap;
import io.streamer.test.stage.Progress;
import io.streamer.test.stage.StageExtension;
import io.streamer.test.stage.StageFaults;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The handlers in the whole of Streamer, on free ports of this machine. */
class PrimesStageTest {
  private static volatile Duration later = Duration.ZERO;

  @RegisterExtension
  static final StageExtension STAGE =
      StageExtension.with(new Actions())
          // the gateway's clock is the test's: nobody waits for a lease to be over
          .gatewayTime(() -> Instant.now().plus(later))
          .settings(Map.of("STREAMER_HEARTBEAT", "1d"));

  @Test
  void aFewAreCountedOnTheSpot() {
    try (var client = STAGE.as("ann", "acme").apiGateway()) {
      var answer = client.request("primes", new Primes.Request(1_000)).answered();
      assertEquals(new Primes.Answer(1_000, 168), answer.as(Primes.Answer.class));
    }
  }

  @Test
  void aJobWhoseWorkerIsKilledCountsOnWhereItWas(StageFaults faults) throws Exception {
    var killed =
        faults.all().when(write -> write.sets("checkpoint").isPresent()).nth(3).then(Trap.kill());
    try (var client = STAGE.as("ann", "acme").direct()) {
      var job = client.send("primes", new Primes.Request(1_000_000_000));
      killed.await(Duration.ofSeconds(20));
      later = Duration.ofHours(1);
      STAGE.stage().runDue();

      var reply = job.reply().answered();
      assertEquals(50_847_534, reply.as(Primes.Answer.class).primes());
      assertTrue(reply.progress().stream().mapToInt(Progress::attempt).anyMatch(it -> it == 2));
      // three of forty stretches were counted already
      assertTrue(
          reply.progress().stream()
              .filter(report -> report.attempt() == 2)
              .allMatch(report -> report.percentage() > 7.4));
    }
  }
}
