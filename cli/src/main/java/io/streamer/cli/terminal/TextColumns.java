package io.streamer.cli.terminal;

import java.text.BreakIterator;
import java.util.Locale;

/** How wide texts are on a terminal, where some characters take two columns and others none. */
public final class TextColumns {
  /** Wide and fullwidth ones of Unicode's East Asian Width, and pictures; pairs of bounds. */
  private static final int[] WIDE = {
    0x1100, 0x115F, 0x2E80, 0x303E, 0x3041, 0x33FF, 0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0xA000, 0xA4CF,
    0xA960, 0xA97F, 0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE30, 0xFE6F, 0xFF00, 0xFF60, 0xFFE0, 0xFFE6,
    0x1F300, 0x1F64F, 0x1F680, 0x1F6FF, 0x1F900, 0x1F9FF, 0x1FA70, 0x1FAFF, 0x20000, 0x3FFFD
  };

  private TextColumns() {}

  /** How many columns it takes. */
  public static int width(String text) {
    return text.codePoints().map(TextColumns::width).sum();
  }

  private static int width(int character) {
    switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> {
        return 0;
      }
      default -> {
        // below
      }
    }
    for (int i = 0; i < WIDE.length; i += 2) {
      if (character >= WIDE[i] && character <= WIDE[i + 1]) {
        return 2;
      }
    }
    return 1;
  }

  /** The text in so many columns at most, between what a reader takes for characters. */
  public static String cut(String text, int most) {
    if (width(text) <= most) {
      return text;
    }
    var borders = BreakIterator.getCharacterInstance(Locale.ROOT);
    borders.setText(text);
    int end = 0;
    for (int next = borders.next();
        next != BreakIterator.DONE && width(text.substring(0, next)) < most;
        next = borders.next()) {
      end = next;
    }
    return most < 1 ? "" : text.substring(0, end) + "…";
  }

  /** The text in just so many columns. */
  public static String pad(String text, int columns) {
    var shown = cut(text, columns);
    return shown + " ".repeat(Math.max(0, columns - width(shown)));
  }
}
