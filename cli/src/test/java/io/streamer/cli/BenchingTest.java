package io.streamer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchingTest {
  @TempDir Path home;

  @ParameterizedTest
  @CsvSource({
    "--memory, 255",
    "--memory, 65537",
    "--seconds, 3601",
    "--packed, nowhere",
    "--against, nowhere"
  })
  void whatCannotBeMeasuredIsWrongUsage(String option, String value) {
    var ran = Ran.inScript(home, "bench", option, value);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains(option);
  }

  @Test
  void aCaseThatIsNotThereIsWrongUsageAndTheOthersAreNamed() {
    var ran = Ran.inScript(home, "bench", "echo-2");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains(
            "echo-2",
            "echo-1, echo-16, rate-10k, submit, connect, connect-es256, reconnect, storm,"
                + " emulated, idle, start, worker-start");
  }

  @Test
  void theListTellsEachCase() {
    var ran = Ran.inScript(home, "bench", "--list");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out())
        .contains(
            "echo-1 ",
            "echo-16",
            "rate-10k",
            "connect",
            "storm ",
            "emulated ",
            "idle",
            "worker-start ",
            "latency ",
            "progress ",
            "stuck ",
            "mixed ",
            "stored ");
  }
}
