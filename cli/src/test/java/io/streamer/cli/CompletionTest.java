package io.streamer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionTest {
  private static final Path BASH = Path.of("/bin/bash");

  @TempDir Path home;

  @ParameterizedTest
  @CsvSource({
    "streamer de, dev dead-letters",
    "streamer dev --de, --demo --debug --debug-port",
    "./streamer dead-letters re, redrive",
  })
  void bashCompletesCommandsAndOptions(String typed, String wanted) throws Exception {
    assumeThat(Files.isExecutable(BASH)).isTrue();
    var script = Files.writeString(home.resolve("completion"), print("bash"));
    var words = typed.split(" ", -1);
    var ask =
        """
        . '%s'
        COMP_WORDS=(%s) COMP_CWORD=%d COMP_LINE='%s' COMP_POINT=%d COMP_TYPE=9
        _complete_streamer
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(script, typed, words.length - 1, typed, typed.length());
    assertThat(bash(ask).split("\\s+")).contains(wanted.split(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void everyCommandIsKnownToEachShell(String shell) {
    var commands = Main.commands(home, false).getSubcommands().keySet();

    assertThat(print(shell)).contains(commands);
  }

  @ParameterizedTest
  @CsvSource({"bash, install help", "zsh, test", "fish, -a install"})
  void whatTheLauncherDoesItselfIsKnownToo(String shell, String wanted) {
    assertThat(print(shell).replaceAll("(?m)^#.*$", "")).contains(wanted.split(" (?=help)"));
  }

  @Test
  void fishGetsALineForEachOptionWithItsDescription() {
    assertThat(print("fish").lines())
        .contains(
            "complete -c streamer -n \"__fish_seen_subcommand_from dev\" -l quiet -d"
                + " 'No line per request and job event.'")
        .allMatch(line -> line.startsWith("complete -c streamer"));
  }

  private String print(String shell) {
    var ran = Ran.inScript(home, "completion", shell);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return ran.out();
  }

  private static String bash(String script) throws IOException, InterruptedException {
    var bash = new ProcessBuilder(BASH.toString(), "-c", script).redirectErrorStream(true).start();
    var said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
    return said;
  }
}
