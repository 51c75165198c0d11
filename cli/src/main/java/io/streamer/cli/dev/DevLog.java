package io.streamer.cli.dev;

import java.io.PrintWriter;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/** What {@code dev} prints while it runs: a line each with its time, coloured on a terminal. */
final class DevLog {
  private static final Pattern UUID =
      Pattern.compile(
          "\\b(\\p{XDigit}{8})-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}\\b");
  private static final Pattern BAD = Pattern.compile(" (refused|failed)\\b");
  private static final Pattern GOOD = Pattern.compile(" (answered in|succeeded)\\b");
  private static final String DIM = "\u001b[2m";
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean colours;

  /**
   * A log.
   *
   * @param colours whether the terminal is to show them
   */
  DevLog(PrintWriter out, PrintWriter err, boolean colours) {
    this.out = out;
    this.err = err;
    this.colours = colours;
  }

  /** What a request or a job has come to. */
  void event(String line) {
    // a handler chooses part of it; ids are told apart by their beginning
    var shown = UUID.matcher(line.replaceAll("\\p{Cntrl}", " ")).replaceAll("$1");
    print(out, coloured(shown));
  }

  /** What has become of the stage. */
  void say(String line) {
    print(out, line);
  }

  /** What is wrong; it may have several lines. */
  void error(String text) {
    print(err, colours ? RED + text + PLAIN : text);
  }

  private String coloured(String line) {
    if (!colours) {
      return line;
    }
    if (BAD.matcher(line).find()) {
      return RED + line + PLAIN;
    }
    return GOOD.matcher(line).find() ? GREEN + line + PLAIN : line;
  }

  private void print(PrintWriter to, String text) {
    var time = LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS).toString();
    var stamp = time.length() == 5 ? time + ":00" : time;
    to.println((colours ? DIM + stamp + PLAIN : stamp) + " " + text);
    to.flush();
  }
}
