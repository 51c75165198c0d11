package io.streamer.shared.protocol;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What may stand in the texts of clients and handlers. */
public final class WireText {
  private WireText() {}

  /** Whether no half of a surrogate pair stands alone in it: no UTF-8 could carry that. */
  public static boolean isWhole(String text) {
    int i = 0;
    while (i < text.length()) {
      int character = text.codePointAt(i);
      if (character <= Character.MAX_VALUE && Character.isSurrogate((char) character)) {
        return false;
      }
      i += Character.charCount(character);
    }
    return true;
  }

  /** The text with a question mark for each half of a pair that stands alone. */
  public static String whole(String text) {
    return isWhole(text)
        ? text
        : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** The whole text or its beginning: at most so many UTF-16 units, and no half of a pair. */
  public static String cut(String text, int most) {
    if (text.length() <= most) {
      return whole(text);
    }
    int end = most > 0 && Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return whole(text.substring(0, end));
  }

  /** What a handler says, as it can be stored and sent: cut as {@link #cut} does; null is empty. */
  public static String said(@Nullable String text, int most) {
    return text == null ? "" : cut(text, most);
  }

  /** Whether it stays on its line wherever it is written: no control character, no line's end. */
  static boolean isOneLine(String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isISOControl(unit) || unit == '\u2028' || unit == '\u2029') {
        return false;
      }
    }
    return true;
  }
}
