package io.streamer.local.feed;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;

/**
 * An attempt that failed.
 *
 * @param at epoch milliseconds
 * @param trace the stack trace of what was thrown, cut to 16,384 characters
 */
public record SeenFailure(long at, int attempt, String what, Optional<String> trace) {
  private static final int MOST_CHARS = 16_384;
  private static final int MOST_LINE = 1_000;

  static SeenFailure of(long at, int attempt, String what, Optional<Throwable> thrown) {
    return new SeenFailure(at, attempt, cut(what, MOST_LINE), thrown.map(SeenFailure::trace));
  }

  private static String trace(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return cut(text.toString(), MOST_CHARS);
  }

  private static String cut(String text, int most) {
    return text.length() > most ? text.substring(0, most) + "…" : text;
  }
}
