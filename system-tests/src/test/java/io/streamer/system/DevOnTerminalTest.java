package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./streamer dev} on a terminal of its own, which {@code script} of util-linux gives. */
class DevOnTerminalTest {
  private static final Path SCRIPT = Path.of("/usr/bin/script");
  private static final Path PS = Path.of("/usr/bin/ps");
  private static final String CTRL_C = "\u0003";

  @TempDir Path home;

  @Test
  void theKeyKKillsTheWorkerOfARunningJobAndTheTerminalIsPutBack() throws Exception {
    assumeThat(Files.isExecutable(SCRIPT)).as("script of util-linux is installed").isTrue();
    assumeThat(Files.isExecutable(PS)).as("ps, which tells the foreground, is installed").isTrue();
    assumeThat(new ProcessBuilder("env", "--default-signal=INT", "true").start().waitFor())
        .as("exit code of GNU's env")
        .isZero();
    var launcher = launcher();
    var dev =
        streamer(
            // a build started in the background ignores Ctrl-C and hands that down
            "env",
            "--default-signal=INT",
            SCRIPT.toString(),
            "-qec",
            "trap : INT; '%s' dev --direct-port 0 --port 0; echo exit $?; stty -a"
                .formatted(launcher),
            "/dev/null");
    var processes = new CopyOnWriteArrayList<>(List.of(dev));
    // only their end ends a read of what they print
    var late = CompletableFuture.delayedExecutor(100, TimeUnit.SECONDS);
    late.execute(() -> processes.forEach(DevOnTerminalTest::kill));
    try (var screen = dev.inputReader(UTF_8);
        var keys = dev.outputWriter(UTF_8)) {
      until(screen, "h tells which there are");

      var job =
          streamer(
              launcher.toString(),
              "request",
              "delay",
              "--payload",
              "{\"seconds\":60,\"steps\":600}",
              "--follow");
      processes.add(job);
      try (var frames = job.inputReader(UTF_8)) {
        until(frames, "\"type\":\"progress\"");
      }
      keys.write("k");
      keys.flush();
      until(screen, "killed the worker of job");

      keys.write(CTRL_C);
      keys.flush();
      var rest = until(screen, "exit 130");
      assertThat(rest + until(screen, "echoke")).containsPattern("[^-]icanon").contains(" echo ");
      assertThat(dev.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      processes.forEach(DevOnTerminalTest::kill);
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** A launcher with a folder of its own for what it remembers, and with what was built. */
  private Path launcher() throws IOException {
    var from = LocalStage.home();
    Files.createSymbolicLink(home.resolve("cli"), from.resolve("cli"));
    Files.createSymbolicLink(home.resolve("local"), from.resolve("local"));
    return Files.copy(
        from.resolve("streamer"), home.resolve("streamer"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static Process streamer(String... command) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("IN_STREAMER_TEST", "yes");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    // script starts it; some shells end on a Ctrl-C that their command answered, if without a trap
    builder.environment().put("SHELL", "/bin/sh");
    return builder.start();
  }

  /** What is read up to these words. */
  private static String until(Reader from, String words) throws IOException {
    var said = new StringBuilder();
    while (said.indexOf(words) < 0) {
      int next = from.read();
      assertThat(next).as("goes on behind: " + said).isNotNegative();
      said.append((char) next);
    }
    return said.toString();
  }
}
