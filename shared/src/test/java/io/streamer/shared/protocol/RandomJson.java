package io.streamer.shared.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** JSON texts of every shape, and texts that are nearly JSON, the same for the same seed. */
final class RandomJson {
  private static final String[] SCALARS = {
    "null",
    "true",
    "false",
    "0",
    "-0",
    "7",
    "-12",
    "1.5",
    "-0.0",
    "10e3",
    "1E-7",
    "2.50e+08",
    "12345678901234567890123",
    "0.1000000000000000055511151231257827"
  };
  private static final String[] TEXTS = {
    "",
    "a",
    "id",
    "payload",
    "\\u0061ction",
    "\\n",
    "\\\"",
    "\\\\",
    "\\/",
    "\\ud83d\\ude80",
    "\\ud83d",
    "\\uDE00x",
    "ñ",
    "漢字",
    "🚀",
    "\u007f",
    "\u0085",
    "\u2028",
    "\uffff",
    "a text of more than eight letters",
    "eightlet",
    "seven ñ",
    "\\u00e9\\b\\f\\r\\t"
  };
  private static final String[] BLANKS = {"", "", "", "", " ", "\n", "\t", "\r\n", "  "};

  /** What turns JSON into something else when it stands in a wrong place. */
  private static final byte[] SIGNS =
      "{}[]\",:\\u/eE+-.0123456789tfnNaul '*\b\n\u007f\0".getBytes(StandardCharsets.UTF_8);

  private static final byte[] PARTS_OF_CHARACTERS = {
    (byte) 0x80, (byte) 0xBF, (byte) 0xC0, (byte) 0xC1, (byte) 0xC2, (byte) 0xE0, (byte) 0xED,
    (byte) 0xA0, (byte) 0x9F, (byte) 0xF0, (byte) 0x90, (byte) 0x8F, (byte) 0xF4, (byte) 0xF5,
    (byte) 0xFF
  };

  private final Random random;

  RandomJson(long seed) {
    this.random = new Random(seed);
  }

  /** One value, with blanks around it. */
  String value() {
    var out = new StringBuilder();
    blank(out);
    value(out, random.nextInt(6));
    blank(out);
    return out.toString();
  }

  /** A frame with other fields before and behind its payload. */
  String frame() {
    var out = new StringBuilder("{");
    int before = random.nextInt(3);
    for (int i = 0; i < before; i++) {
      member(out, "before" + i);
      out.append(',');
    }
    out.append(
        random.nextBoolean() ? "\"action\":\"echo\"," : "\"\\u0061ction\" : \"ech\\u006f\",");
    member(out, "payload");
    int behind = random.nextInt(3);
    for (int i = 0; i < behind; i++) {
      out.append(',');
      member(out, "behind" + i);
    }
    return out.append('}').toString();
  }

  /** The text with up to three bytes changed, put in, left out or said twice, or cut off. */
  byte[] nearly(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
      bytes = changed(bytes);
    }
    return bytes;
  }

  private byte[] changed(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(bytes, at);
      case 1 -> joined(bytes, at, new byte[0], at + 1);
      case 2 -> joined(bytes, at, one(SIGNS), at);
      case 3 -> joined(bytes, at, one(SIGNS), at + 1);
      case 4 -> joined(bytes, at, one(PARTS_OF_CHARACTERS), at + random.nextInt(2));
      default -> joined(bytes, at, Arrays.copyOfRange(bytes, random.nextInt(at + 1), at), at);
    };
  }

  private byte[] one(byte[] of) {
    return new byte[] {of[random.nextInt(of.length)]};
  }

  private static byte[] joined(byte[] bytes, int to, byte[] between, int from) {
    byte[] all = Arrays.copyOf(bytes, to + between.length + bytes.length - from);
    System.arraycopy(between, 0, all, to, between.length);
    System.arraycopy(bytes, from, all, to + between.length, bytes.length - from);
    return all;
  }

  private void member(StringBuilder out, String name) {
    blank(out);
    out.append('"').append(name).append('"');
    blank(out);
    out.append(':');
    blank(out);
    value(out, random.nextInt(5));
    blank(out);
  }

  private void value(StringBuilder out, int depth) {
    switch (depth == 0 ? 2 + random.nextInt(2) : random.nextInt(4)) {
      case 0 -> {
        out.append('[');
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
          out.append(i == 0 ? "" : ",");
          blank(out);
          value(out, depth - 1);
          blank(out);
        }
        out.append(size == 0 ? one(BLANKS) : "").append(']');
      }
      case 1 -> {
        out.append('{');
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
          out.append(i == 0 ? "" : ",");
          blank(out);
          text(out);
          blank(out);
          out.append(':');
          blank(out);
          value(out, depth - 1);
          blank(out);
        }
        out.append(size == 0 ? one(BLANKS) : "").append('}');
      }
      case 2 -> text(out);
      default -> out.append(one(SCALARS));
    }
  }

  private void text(StringBuilder out) {
    out.append('"');
    for (int i = random.nextInt(3); i >= 0; i--) {
      out.append(one(TEXTS));
    }
    out.append('"');
  }

  private void blank(StringBuilder out) {
    out.append(one(BLANKS));
  }

  private String one(String[] of) {
    return of[random.nextInt(of.length)];
  }
}
