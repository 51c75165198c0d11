package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plays {@code .ci/newcomer} in a copy of the repository. */
@Timeout(240)
class NewcomerTest {
  @TempDir Path folder;

  @Test
  void aNewcomerGetsFromInitToAnAnswer() throws Exception {
    var checkout = Checkout.in(folder);
    var log = folder.resolve("log");
    var builder =
        checkout
            .command(
                checkout.home().resolve(".ci/newcomer").toString(),
                folder.resolve("work").toString())
            .redirectOutput(log.toFile());
    var process = builder.start();
    try {
      assertThat(process.waitFor(200, TimeUnit.SECONDS)).as("ends: %s", said(log)).isTrue();
      assertThat(process.exitValue()).as(said(log)).isZero();
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }

    assertThat(said(log)).contains("made ").contains("the worker's zip is made");
    try (var zip = new ZipFile(folder.resolve("work/dist/worker.zip").toFile())) {
      assertThat(zip.getEntry("lib/shop-0.1.0-SNAPSHOT.jar")).isNotNull();
      assertThat(zip.stream().map(Object::toString)).noneMatch(name -> name.contains("junit"));
    }
    assertThat(checkout.repository().resolve("io/streamer"))
        .isDirectoryContaining("glob:**/streamer-test")
        .isDirectoryContaining("glob:**/streamer-stage-test")
        .isDirectoryContaining("glob:**/streamer-client-okhttp");
    assertThat(checkout.repository().resolve("io/streamer/streamer-client").toFile())
        .isDirectoryRecursivelyContaining("glob:**/*.jar");
  }

  private static String said(Path log) throws IOException {
    return Files.readString(log);
  }
}
