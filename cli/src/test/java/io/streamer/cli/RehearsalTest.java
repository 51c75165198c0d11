package io.streamer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  @TempDir Path home;

  @Test
  void aFirstMinuteIsPlayedAndNoCommandFindsItsStage() throws Exception {
    Files.createSymbolicLink(home.resolve("local"), Path.of("..", "local").toRealPath());

    assertThat(Rehearsal.run(home)).isZero();
    assertThat(home.resolve(".streamer/dev-key.pem")).isRegularFile();
    assertThat(home.resolve(".streamer/dev")).doesNotExist();
  }
}
