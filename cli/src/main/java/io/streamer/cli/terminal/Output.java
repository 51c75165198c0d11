package io.streamer.cli.terminal;

import java.io.PrintWriter;
import picocli.CommandLine;

/** What a command says. */
public final class Output {
  private Output() {}

  public static void print(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }

  public static void tell(CommandLine command, String line) {
    print(command.getErr(), "streamer: " + line.replaceAll("\\p{Cntrl}", " "));
  }
}
