package io.streamer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoakingTest {
  @TempDir Path home;

  @ParameterizedTest
  @CsvSource({"--minutes, 0", "--minutes, 1441", "--clients, 0", "--clients, 1001", "--seed, x"})
  void aNumberOutOfRangeIsWrongUsage(String option, String value) {
    var ran = Ran.inScript(home, "soak", option, value);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains(option);
  }
}
