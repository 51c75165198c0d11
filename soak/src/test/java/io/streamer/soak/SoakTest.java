package io.streamer.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dstreamer.soak.seed=N} replays a run. */
@Timeout(300)
class SoakTest {
  @TempDir Path ledger;

  @Test
  void aThousandJobsAmongFaultsEndOnceAndAreSeenToEnd() throws Exception {
    long seed = Long.getLong("streamer.soak.seed", System.nanoTime());
    // a run that fails is replayed by it
    System.out.println("soak: seed " + seed);
    var faults = Boolean.parseBoolean(System.getProperty("streamer.soak.faults", "true"));
    Soak.Report report;
    try (var site =
        new StageSite(Path.of(System.getProperty("streamer.home")), ledger, seed, faults)) {
      report =
          Soak.run(
              site,
              new Soak.Options(
                  ledger,
                  seed,
                  720,
                  30,
                  // about a minute; a slow machine takes longer for as many
                  Duration.ofSeconds(100),
                  Duration.ofSeconds(60),
                  Duration.ofSeconds(4),
                  400),
              System.out::println);
    }
    System.out.println("soak: " + report);
    assertThat(report.violations()).as("with seed " + seed).isEmpty();
    assertThat(report.accepted()).isPositive();
    assertThat(report.faults().isEmpty()).isNotEqualTo(faults);
    assertThat(report.faults()).allSatisfy((_, times) -> assertThat(times).isPositive());
  }
}
