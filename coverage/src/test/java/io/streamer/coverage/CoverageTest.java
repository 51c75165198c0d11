package io.streamer.coverage;

import static java.util.stream.Collectors.summarizingInt;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What share of each module's lines the tests of all modules run. */
class CoverageTest {
  private static final Path REPORT = Path.of(System.getProperty("streamer.coverage"));

  private static List<List<String>> classes;

  @BeforeAll
  static void readTheReport() throws IOException {
    classes =
        Files.readAllLines(REPORT.resolve("jacoco.csv")).stream()
            .map(line -> Arrays.asList(line.split(",", -1)))
            .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "handler, streamer-handler, 90",
    "shared, streamer-shared, 90",
    "worker-lambda, streamer-worker, 90",
    "gateway, streamer-gateway, 80",
    "emulator, streamer-emulator, 80",
    "local, streamer-local, 80",
    "clients/java, streamer-client, 80",
  })
  void theTestsReachTheModulesLines(String module, String artifact, double needed) {
    var missed = lines("LINE_MISSED", artifact);
    var covered = lines("LINE_COVERED", artifact);
    assertThat(missed + covered).as("lines of %s in the report", module).isPositive();

    var share = 100.0 * covered / (missed + covered);
    System.out.printf(Locale.ROOT, "coverage: %s %.1f %% (needs %.0f)%n", module, share, needed);
    assertThat(share)
        .as("per cent of the lines of %s; %s/index.html shows which are missed", module, REPORT)
        .isGreaterThanOrEqualTo(needed);
  }

  private static long lines(String counter, String artifact) {
    var column = classes.getFirst().indexOf(counter);
    return classes.stream()
        .filter(row -> row.getFirst().endsWith("/" + artifact))
        .collect(summarizingInt(row -> Integer.parseInt(row.get(column))))
        .getSum();
  }
}
