package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.soak.Site;
import io.streamer.soak.Soak;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes and SIGKILL: what was accepted survives the loss of whoever accepted or ran it.
 */
@Timeout(240)
class KilledProcessesTest {
  private static final long SEED = Long.getLong("streamer.soak.seed", System.nanoTime());

  @TempDir Path ledger;

  @TempDir Path data;

  @Test
  void jobsOutliveTheWorkersAndGatewaysThatAreKilled() throws Exception {
    try (var site = new ProcessSite(ledger, SEED)) {
      soak(site, Duration.ofSeconds(30));
    }
  }

  @Test
  void noAcknowledgedJobIsLostWhenEverythingIsKilledAndStartedAgain() throws Exception {
    try (var site = new RestartedSite(data, ledger)) {
      soak(site, Duration.ofSeconds(25));
    }
  }

  private void soak(Site site, Duration time) throws Exception {
    var report =
        Soak.run(
            site,
            new Soak.Options(
                ledger, SEED, 150, 6, time, Duration.ofSeconds(60), Duration.ofSeconds(8), 0),
            System.out::println);
    System.out.println(report);
    assertThat(report.violations()).as("with seed " + SEED).isEmpty();
    assertThat(report.faults()).allSatisfy((_, times) -> assertThat(times).isPositive());
  }
}
