package io.streamer.test.stage;

import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageOptions;
import io.streamer.local.token.DevKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Function;

/** A stage with a key of its own, in a folder that goes when it is closed. */
record RunningStage(Stage stage, DevKey key, Path home) implements AutoCloseable {

  static RunningStage start(Function<Path, StageOptions> options) {
    var home = temporary();
    try {
      return new RunningStage(Stage.start(options.apply(home)), DevKey.at(home), home);
    } catch (RuntimeException e) {
      delete(home);
      throw e;
    }
  }

  @Override
  public void close() {
    stage.close();
    delete(home);
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("streamer-stage");
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder for the stage's key", e);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the stage's folder stays: " + folder, e);
    }
  }
}
