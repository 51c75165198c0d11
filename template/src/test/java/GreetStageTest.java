package @package@;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.streamer.test.stage.StageExtension;
import io.streamer.test.stage.StageFaults;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The handler in the whole of Streamer, on free ports of this machine. */
class GreetStageTest {
  private static final List<String> HEARD = new CopyOnWriteArrayList<>();
  private static final CountDownLatch NEVER = new CountDownLatch(1);
  private static volatile Duration later = Duration.ZERO;

  @RegisterExtension
  static final StageExtension STAGE =
      StageExtension.with(new Actions(GreetStageTest::hear))
          // the gateway's clock is the test's: nobody waits for a lease to be over
          .gatewayTime(() -> Instant.now().plus(later))
          .settings(Map.of("STREAMER_HEARTBEAT", "1d"));

  /** Holds the first worker up in the middle of its job, until it is killed. */
  private static void hear(String line) {
    HEARD.add(line);
    if (HEARD.size() == 4) {
      try {
        NEVER.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void aJobWhoseWorkerIsKilledGoesOnWhereItWas(StageFaults faults) {
    var names = List.of("Ada", "Alan", "Grace", "Edsger", "Barbara", "Ken");
    try (var client = STAGE.as("ann", "acme").direct()) {
      var job = client.send("greet", new Greet.Request(names));
      job.awaitProgress(50);

      faults.killWorkers();
      later = Duration.ofHours(1);
      STAGE.stage().runDue();

      var greetings = job.reply().answered().as(Greet.Greetings.class);
      assertEquals(6, greetings.lines().size());
      // the fourth name alone was begun twice
      assertEquals(7, HEARD.size());
    }
  }
}
