package io.streamer.shared.protocol;

import java.nio.charset.StandardCharsets;

/** A JSON string's escapes. */
final class Escapes {
  private static final String LETTERS = "\"\\/bfnrt";
  private static final String MEANINGS = "\"\\/\b\f\n\r\t";

  private Escapes() {}

  /** How many bytes the escape has that begins there; 0 if there is no such escape. */
  static int length(byte[] utf8, int at) {
    if (at + 1 >= utf8.length) {
      return 0;
    }
    if (utf8[at + 1] != 'u') {
      return LETTERS.indexOf(utf8[at + 1]) < 0 ? 0 : 2;
    }
    if (at + 6 > utf8.length) {
      return 0;
    }
    for (int i = at + 2; i < at + 6; i++) {
      if (digit(utf8[i]) < 0) {
        return 0;
      }
    }
    return 6;
  }

  /** The text of a string whose escapes are all right; a half of a pair stays one. */
  static String undone(byte[] utf8, int from, int to) {
    var text = new StringBuilder(to - from);
    int plain = from;
    int at = from;
    while (at < to) {
      if (utf8[at] != '\\') {
        at++;
        continue;
      }
      text.append(new String(utf8, plain, at - plain, StandardCharsets.UTF_8));
      if (utf8[at + 1] == 'u') {
        text.append(unit(utf8, at + 2));
        at += 6;
      } else {
        text.append(MEANINGS.charAt(LETTERS.indexOf(utf8[at + 1])));
        at += 2;
      }
      plain = at;
    }
    return text.append(new String(utf8, plain, to - plain, StandardCharsets.UTF_8)).toString();
  }

  private static char unit(byte[] utf8, int at) {
    int unit = 0;
    for (int i = at; i < at + 4; i++) {
      unit = unit << 4 | digit(utf8[i]);
    }
    return (char) unit;
  }

  private static int digit(byte sign) {
    // Character.digit takes other scripts' digits too, but a byte is none of them
    return sign < 0 ? -1 : Character.digit(sign, 16);
  }
}
