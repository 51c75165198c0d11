package io.streamer.testtools;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects that stand behind each other in a PDF file or in one of its streams: numbers are
 * doubles, arrays lists, dictionaries maps by their keys' names.
 */
final class PdfTokens {
  static final Word END = new Word("");
  private static final Word DICTIONARY_END = new Word(">>");
  private static final Word ARRAY_END = new Word("]");
  private static final String WHITE = "\0\t\n\f\r ";
  private static final String DELIMITERS = "()<>[]{}/%";

  record Name(String value) {}

  record Text(String value) {}

  record Reference(int object) {}

  /** An operator or a keyword. */
  record Word(String value) {}

  private final byte[] bytes;
  private int at;

  PdfTokens(byte[] bytes, int at) {
    this.bytes = bytes;
    this.at = at;
  }

  /** The bytes of a stream, behind its keyword. */
  byte[] bytes(int length) {
    at += peek() == '\r' ? 2 : 1;
    return Arrays.copyOfRange(bytes, at, at + length);
  }

  Object next() {
    skipWhite();
    return switch (peek()) {
      case -1 -> END;
      case '/' -> {
        at++;
        yield new Name(regular());
      }
      case '(' -> literal();
      case '[' -> {
        at++;
        yield array();
      }
      case ']' -> {
        at++;
        yield ARRAY_END;
      }
      case '<' -> {
        at++;
        yield peek() == '<' ? dictionary() : hexadecimal();
      }
      case '>' -> {
        at += 2;
        yield DICTIONARY_END;
      }
      default -> wordOrNumber();
    };
  }

  private Object wordOrNumber() {
    var text = regular();
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a strange character at " + at);
    }
    if (!text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)")) {
      return new Word(text);
    }
    int behind = at;
    if (text.matches("\\d+")) {
      skipWhite();
      if (regular().matches("\\d+")) {
        skipWhite();
        if (regular().equals("R")) {
          return new Reference(Integer.parseInt(text));
        }
      }
    }
    at = behind;
    return Double.valueOf(text);
  }

  private List<Object> array() {
    var array = new ArrayList<Object>();
    for (var value = next(); !value.equals(ARRAY_END); value = next()) {
      array.add(inside(value));
    }
    return array;
  }

  private Map<String, Object> dictionary() {
    at++;
    var dictionary = new HashMap<String, Object>();
    for (var key = next(); !key.equals(DICTIONARY_END); key = next()) {
      dictionary.put(((Name) inside(key)).value(), inside(next()));
    }
    return dictionary;
  }

  private Object inside(Object value) {
    if (value.equals(END)) {
      throw new IllegalArgumentException("something that does not end");
    }
    return value;
  }

  private Text literal() {
    var text = new StringBuilder();
    int depth = 0;
    do {
      int c = taken();
      switch (c) {
        case '(' -> {
          if (depth++ > 0) {
            text.append('(');
          }
        }
        case ')' -> {
          if (--depth > 0) {
            text.append(')');
          }
        }
        case '\\' -> text.append(escaped());
        default -> text.append((char) c);
      }
    } while (depth > 0);
    return new Text(text.toString());
  }

  private char escaped() {
    int c = taken();
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '(', ')', '\\' -> (char) c;
      default -> throw new IllegalArgumentException("an escape of " + (char) c);
    };
  }

  private Text hexadecimal() {
    var text = new StringBuilder();
    int close = at;
    while (bytes[close] != '>') {
      close++;
    }
    for (int i = at; i < close; i += 2) {
      text.append((char) Integer.parseInt(new String(bytes, i, 2, ISO_8859_1), 16));
    }
    at = close + 1;
    return new Text(text.toString());
  }

  private String regular() {
    int from = at;
    while (peek() >= 0 && WHITE.indexOf(peek()) < 0 && DELIMITERS.indexOf(peek()) < 0) {
      at++;
    }
    return new String(bytes, from, at - from, ISO_8859_1);
  }

  private void skipWhite() {
    while (peek() >= 0 && (WHITE.indexOf(peek()) >= 0 || peek() == '%')) {
      if (peek() == '%') {
        while (peek() >= 0 && peek() != '\n' && peek() != '\r') {
          at++;
        }
      } else {
        at++;
      }
    }
  }

  private int taken() {
    int c = peek();
    if (c < 0) {
      throw new IllegalArgumentException("a text that does not end");
    }
    at++;
    return c;
  }

  private int peek() {
    return at < bytes.length ? bytes[at] & 0xff : -1;
  }
}
