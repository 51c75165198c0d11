package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;

/** The machine's Docker, by its command line, which knows where the engine is. */
final class Docker {
  /** What a command printed, both streams. */
  record Ran(int exitCode, String output) {}

  private Docker() {}

  /**
   * Skips the tests without an engine or without the image: an engine repeats a pull that cannot
   * succeed for minutes.
   */
  static void assumeImage(String image) {
    assumeTrue(run("docker", "info").exitCode() == 0, "there is no Docker engine");
    assumeTrue(
        run("docker", "image", "inspect", image).exitCode() == 0,
        "the image is not on this machine; docker pull " + image);
  }

  /** Runs a command in the repository; 127 if there is no such program. */
  static Ran run(String... command) {
    try {
      var process =
          new ProcessBuilder(command)
              .directory(LocalStage.home().toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Ran(process.waitFor(), output);
    } catch (IOException e) {
      return new Ran(127, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
