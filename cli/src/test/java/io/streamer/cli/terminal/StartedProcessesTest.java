package io.streamer.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class StartedProcessesTest {
  private static final String SLEEP = "sleep 300";

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
  void endWithTheCommandThatASignalEnds(String signal, int code) throws Exception {
    var command = new ArrayList<>(StopOnSignalTest.notIgnoringSignals());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Starting.class.getName()));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<ProcessHandle> started = List.of();
    try (var out = process.inputReader(UTF_8)) {
      started =
          Stream.of(out.readLine().split(" ", -1))
              .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
              .toList();
      assertThat(started).hasSize(3);
      new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
      assertThat(process.waitFor()).isEqualTo(code);
      for (var one : started) {
        one.onExit().get(20, TimeUnit.SECONDS);
      }
    } finally {
      process.destroyForcibly();
      started.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** Starts a process, and one that starts another; says their ids. */
  static final class Starting {
    public static void main(String[] args) throws Exception {
      StartedProcesses.endWithThis();
      var alone = new ProcessBuilder(SLEEP.split(" ", -1)).start();
      var parent = new ProcessBuilder("sh", "-c", SLEEP + " & echo $!; wait").start();
      var child = parent.inputReader(UTF_8).readLine();
      System.out.println(alone.pid() + " " + parent.pid() + " " + child);
      parent.waitFor();
    }
  }
}
