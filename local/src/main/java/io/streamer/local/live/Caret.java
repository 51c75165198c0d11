package io.streamer.local.live;

/** Shows a place in a text. */
final class Caret {
  private static final int LONGEST_LINE = 200;

  private Caret() {}

  /**
   * The line that has the place, and a caret under it, each on a line of its own; nothing of a line
   * that no terminal shows as one.
   */
  static String below(String text, int position) {
    int start = position;
    while (start > 0 && !isBreak(text.charAt(start - 1))) {
      start--;
    }
    int end = position;
    while (end < text.length() && !isBreak(text.charAt(end))) {
      end++;
    }
    var line = text.substring(start, end);
    if (line.length() > LONGEST_LINE || line.isBlank()) {
      return "";
    }
    // a tab is as wide below as it is above
    var before = line.substring(0, position - start).replaceAll("[^\t]", " ");
    return "\n  " + line + "\n  " + before + "^";
  }

  private static boolean isBreak(char one) {
    return one == '\n' || one == '\r';
  }
}
