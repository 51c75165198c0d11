package io.streamer.shared.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON in UTF-8 where it stands. What is passed over is checked as strictly as what is read,
 * and leaves nothing behind: no object, and no name in any table that outlives the text, because
 * names are the client's to invent.
 *
 * <p>{@link #enter} begins an object or array, {@link #nextMember} or {@link #nextElement} moves to
 * each of its values, of which exactly one is then read or passed over, and ends it. Nothing
 * recurses, so nesting costs a bit a level.
 */
final class JsonScanner {
  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private final byte[] utf8;
  private int at;

  /** Whether the object or array just begun has had no value yet. */
  private boolean fresh;

  private int entered;
  private int deepest;

  /** The last string, without its quotes. */
  private int from;

  private int to;
  private boolean escaped;

  /** The kinds of the containers around the innermost 64 or fewer, 64 to a word. */
  private long[] outer = {};

  JsonScanner(byte[] utf8) {
    this.utf8 = utf8;
    // a byte order mark is no part of the text: RFC 8259, 8.1
    this.at = startsWith(0, (byte) 0xEF, (byte) 0xBB, (byte) 0xBF) ? 3 : 0;
  }

  /** Where the next value begins. */
  int at() {
    skipBlanks();
    return at;
  }

  /** The first byte of what comes next, which tells its kind. */
  byte peek() throws NotJson {
    skipBlanks();
    if (at == utf8.length) {
      throw new NotJson();
    }
    return utf8[at];
  }

  /** Whether nothing but blanks follows. */
  boolean atEnd() {
    skipBlanks();
    return at == utf8.length;
  }

  /** Goes into the object or array that comes next. */
  void enter() {
    skipBlanks();
    at++;
    entered++;
    fresh = true;
  }

  /** Goes to the next member's value; false behind the last, when the object has been left. */
  boolean nextMember() throws NotJson {
    if (!next((byte) '}')) {
      return false;
    }
    name();
    return true;
  }

  /** Goes to the next element; false behind the last, when the array has been left. */
  boolean nextElement() throws NotJson {
    return next((byte) ']');
  }

  private boolean next(byte close) throws NotJson {
    var first = fresh;
    fresh = false;
    if (peek() == close) {
      at++;
      entered--;
      return false;
    }
    if (!first) {
      expect((byte) ',');
    }
    return true;
  }

  /** Whether the string read last is this one, letter by letter. */
  boolean is(String ascii) {
    if (to - from != ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (utf8[from + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the string read last was written with escapes, so that it may be any. */
  boolean isEscaped() {
    return escaped;
  }

  /** The string read last: a member's name until its value is read. */
  String text() {
    return escaped
        ? Escapes.undone(utf8, from, to)
        : new String(utf8, from, to - from, StandardCharsets.UTF_8);
  }

  /** The next value if it is a string; anything else is passed over. */
  @Nullable String string() throws NotJson {
    if (peek() != '"') {
      skip();
      return null;
    }
    skipString();
    return text();
  }

  /** The next value if it is a number, as it is written; anything else is passed over. */
  @Nullable String number() throws NotJson {
    byte first = peek();
    int start = at;
    skip();
    return first == '-' || isDigit(first)
        ? new String(utf8, start, at - start, StandardCharsets.US_ASCII)
        : null;
  }

  /** Passes over the next value if it is null. */
  boolean skipNull() throws NotJson {
    if (peek() != 'n') {
      return false;
    }
    skipLiteral(NULL);
    return true;
  }

  /** How deep what was passed over nests, with what was entered; and forgets it. */
  int takeDeepest() {
    int depth = deepest;
    deepest = 0;
    return depth;
  }

  /**
   * Passes over the next value and checks all of it.
   *
   * @return where it ends
   */
  int skip() throws NotJson {
    // the lowest bit is the innermost container's: 1 for an object
    long kinds = 0;
    int level = 0;
    while (true) {
      byte first = peek();
      if (first == '{' || first == '[') {
        if (level > 0 && level % Long.SIZE == 0) {
          keep(level / Long.SIZE, kinds);
        }
        boolean object = first == '{';
        at++;
        level++;
        kinds = kinds << 1 | (object ? 1 : 0);
        deepest = Math.max(deepest, entered + level);
        if (peek() != (object ? '}' : ']')) {
          if (object) {
            name();
          }
          continue;
        }
      } else {
        skipScalar(first);
        if (level == 0) {
          return at;
        }
      }
      while (ends((kinds & 1) == 1)) {
        level--;
        if (level == 0) {
          return at;
        }
        kinds = level % Long.SIZE == 0 ? outer[level / Long.SIZE - 1] : kinds >>> 1;
      }
    }
  }

  /** Leaves a container behind its last value, or goes on to its next one. */
  private boolean ends(boolean object) throws NotJson {
    if (peek() == (object ? '}' : ']')) {
      at++;
      return true;
    }
    expect((byte) ',');
    if (object) {
      name();
    }
    return false;
  }

  private void keep(int words, long kinds) {
    if (outer.length < words) {
      outer = Arrays.copyOf(outer, 2 * words + 6);
    }
    outer[words - 1] = kinds;
  }

  private void name() throws NotJson {
    if (peek() != '"') {
      throw new NotJson();
    }
    skipString();
    expect((byte) ':');
  }

  private void skipScalar(byte first) throws NotJson {
    switch (first) {
      case '"' -> skipString();
      case 't' -> skipLiteral(TRUE);
      case 'f' -> skipLiteral(FALSE);
      case 'n' -> skipLiteral(NULL);
      default -> skipNumber(first);
    }
  }

  private void skipLiteral(byte[] literal) throws NotJson {
    if (!startsWith(at, literal)) {
      throw new NotJson();
    }
    at += literal.length;
  }

  private void skipNumber(byte first) throws NotJson {
    if (first == '-') {
      at++;
    }
    if (at < utf8.length && utf8[at] == '0') {
      at++;
    } else {
      skipDigits();
    }
    if (at < utf8.length && utf8[at] == '.') {
      at++;
      skipDigits();
    }
    if (at < utf8.length && (utf8[at] | 0x20) == 'e') {
      at++;
      if (at < utf8.length && (utf8[at] == '+' || utf8[at] == '-')) {
        at++;
      }
      skipDigits();
    }
  }

  private void skipDigits() throws NotJson {
    int start = at;
    while (at < utf8.length && isDigit(utf8[at])) {
      at++;
    }
    if (at == start) {
      throw new NotJson();
    }
  }

  private void skipString() throws NotJson {
    from = at + 1;
    escaped = false;
    int i = from;
    while (true) {
      i = Utf8.plainUntil(utf8, i);
      if (i >= utf8.length) {
        throw new NotJson();
      }
      int length = 0;
      if (utf8[i] == '"') {
        to = i;
        at = i + 1;
        return;
      } else if (utf8[i] == '\\') {
        escaped = true;
        length = Escapes.length(utf8, i);
      } else if (utf8[i] < 0) {
        length = Utf8.length(utf8, i);
      }
      if (length == 0) {
        throw new NotJson();
      }
      i += length;
    }
  }

  private void expect(byte sign) throws NotJson {
    if (peek() != sign) {
      throw new NotJson();
    }
    at++;
  }

  private void skipBlanks() {
    while (at < utf8.length
        && (utf8[at] == ' ' || utf8[at] == '\n' || utf8[at] == '\r' || utf8[at] == '\t')) {
      at++;
    }
  }

  private boolean startsWith(int where, byte... bytes) {
    return where + bytes.length <= utf8.length
        && Arrays.equals(utf8, where, where + bytes.length, bytes, 0, bytes.length);
  }

  private static boolean isDigit(byte sign) {
    return sign >= '0' && sign <= '9';
  }
}
