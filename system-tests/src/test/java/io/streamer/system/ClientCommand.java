package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs what builds and tests a client, in its own language. */
final class ClientCommand {
  private static final int NOT_FOUND = 127;

  /** What a command printed, both streams. */
  record Ran(int exitCode, String output) {
    boolean failed() {
      return exitCode != 0;
    }
  }

  private ClientCommand() {}

  /**
   * Runs it to its end; one that is not on this machine has the exit code that a shell gives it.
   */
  static Ran run(Path folder, List<String> command) {
    try {
      var process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Ran(process.waitFor(), output);
    } catch (IOException e) {
      return new Ran(NOT_FOUND, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
