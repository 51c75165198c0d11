package io.streamer.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
public class StopOnSignalTest {

  @Test
  void anOrderlyStopRunsTheActionAndExitsWithZero() throws Exception {
    assertThat(exitAfter("TERM", "stop")).isEqualTo(new Exit(0, "stopped"));
  }

  @Test
  void ctrlCRunsTheActionAndExitsWith130() throws Exception {
    assertThat(exitAfter("INT", "stop")).isEqualTo(new Exit(130, "stopped"));
  }

  @Test
  void aStopThatHangsIsCutOff() throws Exception {
    assertThat(exitAfter("TERM", "hang")).isEqualTo(new Exit(1, ""));
  }

  record Exit(int code, String printed) {}

  private static Exit exitAfter(String signal, String how) throws Exception {
    var command = new ArrayList<>(notIgnoringSignals());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Waiting.class.getName(),
            how));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (var out = process.inputReader(UTF_8)) {
      assertThat(out.readLine()).isEqualTo("ready");
      new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
      return new Exit(process.waitFor(), String.join("\n", out.readAllLines()));
    } finally {
      process.destroyForcibly();
    }
  }

  /** A build started in the background ignores SIGINT and hands that down, so it is taken back. */
  public static List<String> notIgnoringSignals() throws Exception {
    var env = List.of("env", "--default-signal=INT,HUP");
    var attempt = new ArrayList<>(env);
    attempt.add("true");
    // an env that does not know the option is that of a system other than GNU
    return new ProcessBuilder(attempt).start().waitFor() == 0 ? env : List.of();
  }

  /** The process that is stopped. */
  static final class Waiting {
    public static void main(String[] args) throws Exception {
      var hangs = args[0].equals("hang");
      var limit = Duration.ofSeconds(hangs ? 1 : 20);
      var stop = StopOnSignal.install(new PrintWriter(System.err, true, UTF_8), limit);
      stop.then(() -> {
        if (hangs) {
          forever();
        }
        System.out.println("stopped");
      });
      System.out.println("ready");
      forever();
    }

    private static void forever() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
