package io.streamer.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

/** A command that was run in this process, and what it printed. */
public record Ran(int exitCode, String out, String err) {

  public static Ran onTerminal(Path home, String... args) {
    return run(home, true, Map.of(), args);
  }

  public static Ran inScript(Path home, String... args) {
    return run(home, false, Map.of(), args);
  }

  /** With these environment variables and no others. */
  public static Ran in(Map<String, String> environment, Path home, String... args) {
    return run(home, false, environment, args);
  }

  private static Ran run(
      Path home, boolean terminal, Map<String, String> environment, String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var exitCode =
        Main.commands(home, terminal, environment)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new Ran(exitCode, out.toString(), err.toString());
  }
}
