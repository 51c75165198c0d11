package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.build.Distribution;
import io.streamer.soak.abuse.Abuse;
import io.streamer.soak.abuse.Attack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed gateway, in a container's memory, among clients that do nothing it asks for. */
class AbuseTest {
  @TempDir Path dist;

  @Test
  void whoSaysNothingLosesItsPlaceAndOthersAreServed() throws Exception {
    var home = LocalStage.home();
    new Distribution(home, _ -> {}).make(Optional.empty(), true, dist, Map.of());
    var options =
        new Abuse.Options(
            home,
            dist.resolve("gateway"),
            1,
            512L * 1024 * 1024,
            Duration.ofSeconds(1),
            // how fast this machine is says nothing about the gateway
            Double.MAX_VALUE);

    var outcome = Abuse.run(Attack.SILENCE, options, _ -> {});

    assertThat(outcome.served().asked()).isPositive();
    assertThat(outcome.served().answered()).isEqualTo(outcome.served().asked());
    assertThat(outcome.goneMs()).as("the last of the silent is gone").isNotNegative();
    assertThat(outcome.memory()).isPositive();
  }
}
