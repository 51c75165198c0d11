package io.streamer.shared.log;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What others' code threw, in bounds: its message may hold what a client sent, at any length. What
 * is within them is logged as it is; of the rest a copy stands in the log, that names the class.
 */
public final class Abridged extends Exception {
  private static final int MOST_CHARS = 200;

  /** Deeper is but what runs in circles; of that, the innermost tell. */
  private static final int DEEP_FRAMES = 200;

  private static final int MOST_FRAMES = 64;
  private static final int MOST_CAUSES = 4;

  private static final long serialVersionUID = 1;

  private Abridged(String said, @Nullable Throwable cause) {
    super(said, cause, false, true);
  }

  /**
   * The throwable itself, or a copy with a stack and causes that are cut, for a log with stacks.
   */
  public static Throwable of(Throwable thrown) {
    return fits(thrown, MOST_CAUSES) ? thrown : copy(thrown, MOST_CAUSES);
  }

  /** Its class and what it says, in a line of up to 200 characters and the class's name. */
  public static String line(Throwable thrown) {
    var message = message(thrown);
    var name = thrown.getClass().getName();
    return message == null ? name : name + ": " + text(message);
  }

  /** A text in one line, cut, without control characters. */
  public static String text(String text) {
    var cut = text.length() <= MOST_CHARS ? text : text.substring(0, end(text));
    var line = new StringBuilder(cut.length());
    cut.codePoints().forEach(point -> line.appendCodePoint(harmless(point) ? point : ' '));
    int left = text.length() - cut.length();
    return left == 0 ? line.toString() : line + "… (" + left + " more)";
  }

  /** No half of a pair stays. */
  private static int end(String text) {
    return Character.isHighSurrogate(text.charAt(MOST_CHARS - 1)) ? MOST_CHARS - 1 : MOST_CHARS;
  }

  private static boolean harmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }

  private static boolean fits(Throwable thrown, int causes) {
    var message = message(thrown);
    var cause = cause(thrown);
    return (message == null || text(message).equals(message))
        && thrown.getStackTrace().length <= DEEP_FRAMES
        && thrown.getSuppressed().length == 0
        && told(thrown, message)
        && (cause == null || (causes > 0 && fits(cause, causes - 1)));
  }

  /** A class may say more of itself than its message. */
  private static boolean told(Throwable thrown, @Nullable String message) {
    try {
      var name = thrown.getClass().getName();
      return thrown.toString().equals(message == null ? name : name + ": " + message);
    } catch (Throwable _) {
      return false;
    }
  }

  private static Abridged copy(Throwable thrown, int causes) {
    var cause = cause(thrown);
    var copy =
        new Abridged(line(thrown), cause == null || causes == 0 ? null : copy(cause, causes - 1));
    var frames = thrown.getStackTrace();
    copy.setStackTrace(Arrays.copyOf(frames, Math.min(frames.length, MOST_FRAMES)));
    return copy;
  }

  /** A class of the user's may fail even at this. */
  private static @Nullable String message(Throwable thrown) {
    try {
      return thrown.getLocalizedMessage();
    } catch (Throwable _) {
      return null;
    }
  }

  private static @Nullable Throwable cause(Throwable thrown) {
    try {
      return thrown.getCause();
    } catch (Throwable _) {
      return null;
    }
  }
}
