package io.streamer.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.Ran;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrongUsageTest {
  @TempDir Path home;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "request echo --folow | '--folow' | did you mean --follow? | request",
        "request --folow | '--folow' | did you mean --follow? | request",
        "soak --minutes soon | --minutes | | soak",
        "token --ttl soon | --ttl | | token",
        "dead-letters lisst | 'lisst' | did you mean list? | dead-letters",
        "request | ACTION | | request",
        "completion tcsh | tcsh | | completion",
        "request echo --on-interrupt no | of cancel, leave but was 'no' | | request",
        "follow j1 --on-interrupt Leave | of cancel, leave but was 'Leave' | | follow",
      })
  void whatIsWrongIsToldWithoutTheWholeHelp(
      String line, String wrong, String meant, String command) {
    var ran = Ran.inScript(home, line.split(" "));

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err().lines().count()).isLessThanOrEqualTo(4);
    assertThat(ran.err())
        .startsWith("streamer: ")
        .contains(wrong)
        .contains(meant == null ? "" : meant)
        .endsWith("streamer: see ./streamer " + command + " --help\n");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void aTokenNeedsNoOptions() {
    var ran = Ran.inScript(home, "token");

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\n");
  }
}
