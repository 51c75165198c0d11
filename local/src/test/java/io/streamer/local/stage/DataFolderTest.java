package io.streamer.local.stage;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.streamer.shared.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataFolderTest {
  @TempDir Path folder;

  @Test
  void aFolderIsOneStagesUntilThatHasStopped() throws IOException {
    var data = folder.resolve("a/b");
    try (var _ = DataFolder.take(data)) {
      assertThatExceptionOfType(SettingsException.class)
          .isThrownBy(() -> DataFolder.take(data))
          .withMessageContaining(
              data + " is used by the stage of process " + ProcessHandle.current().pid());
    }
    DataFolder.take(data).close();
  }

  @ParameterizedTest
  @CsvSource({
    "file, it is a file",
    "file/below, Not a directory",
    "/proc/streamer, no folder can be made there"
  })
  void whereNothingCanBeWrittenItSaysWhy(String where, String why) throws IOException {
    Files.writeString(folder.resolve("file"), "mine");
    var data = folder.resolve(where);
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> DataFolder.take(data))
        .withMessage("cannot write to " + data + ": " + why);
  }
}
