package io.streamer.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/** A command that was run in this process, and what it printed. */
record Ran(int exitCode, String out, String err) {

  static Ran onTerminal(Path home, String... args) {
    return run(home, true, args);
  }

  static Ran inScript(Path home, String... args) {
    return run(home, false, args);
  }

  private static Ran run(Path home, boolean terminal, String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var exitCode =
        Main.commands(home, terminal)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new Ran(exitCode, out.toString(), err.toString());
  }
}
