package io.streamer.test.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.stage.Stage;
import io.streamer.test.stage.Kitchen.Dish;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is due later is tried now. */
class GatewayTimeTest {
  private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);

  @RegisterExtension
  static final StageExtension STAGE =
      StageExtension.with(new Kitchen())
          .settings(Map.of("STREAMER_HEARTBEAT", "1d"))
          .gatewayTime(() -> Instant.now().plus(AHEAD.get()));

  @Test
  void theJobOfAKilledWorkerIsFoundWhenItsLeaseIsOver(Stage stage, StageFaults faults) {
    var name = UUID.randomUUID().toString();
    try (var client = STAGE.as("ann", "acme", "kitchen:bake").direct()) {
      var job = client.send("kitchen.bake", new Dish(name));
      job.awaitProgress(50);
      assertThat(faults.killWorkers()).isEqualTo(1);
      stage.runDue();
      assertThat(job.status()).isEqualTo("running");

      AHEAD.set(Duration.ofHours(1));
      stage.runDue();
      assertThat(job.reply().failed().reason()).isEqualTo("WORKER_LOST");
      assertThat(Kitchen.runs(name)).isEqualTo(1);
    }
  }
}
