package io.streamer.local.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Path;
import java.util.HexFormat;

/** The text of a source file. */
final class Utf8Text {
  private Utf8Text() {}

  /**
   * Reads it.
   *
   * @throws Unloadable with the line and the bytes that are not UTF-8
   */
  static String of(Path file, ByteBuffer bytes) throws Unloadable {
    var decoder =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var input = bytes.duplicate();
    var output = CharBuffer.allocate(bytes.remaining());
    var result = decoder.decode(input, output, true);
    if (!result.isError()) {
      return output.flip().toString();
    }
    throw new Unloadable(
        "%s:%d: %s; save the file as UTF-8"
            .formatted(file, line(bytes, input.position()), odd(bytes, input.position(), result)));
  }

  private static String odd(ByteBuffer bytes, int at, CoderResult result) {
    if (at == 0 && bytes.limit() > 1 && isUtf16(bytes)) {
      return "the text is UTF-16";
    }
    var length = result.length();
    var part = new byte[length];
    bytes.get(at, part);
    return "%s %s no UTF-8"
        .formatted(
            HexFormat.ofDelimiter(" ").withPrefix("0x").formatHex(part),
            length == 1 ? "is" : "are");
  }

  /** By the mark in front that editors write. */
  private static boolean isUtf16(ByteBuffer bytes) {
    int first = bytes.get(0) & 0xff;
    int second = bytes.get(1) & 0xff;
    return (first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff);
  }

  /** As editors count: a line ends with {@code \n}, {@code \r\n} or {@code \r}. */
  private static int line(ByteBuffer bytes, int end) {
    int line = 1;
    for (int i = 0; i < end; i++) {
      if (bytes.get(i) == '\n'
          || (bytes.get(i) == '\r' && (i + 1 == bytes.limit() || bytes.get(i + 1) != '\n'))) {
        line++;
      }
    }
    return line;
  }
}
