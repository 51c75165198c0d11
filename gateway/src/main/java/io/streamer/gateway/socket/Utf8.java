package io.streamer.gateway.socket;

/** What text may look like (RFC 3629): the decoders of JSON and of Java let more pass. */
final class Utf8 {
  private Utf8() {}

  static boolean isValid(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      byte first = bytes[at];
      if (first >= 0) {
        at++;
        continue;
      }
      int length = length(first & 0xff);
      if (length == 0 || at + length > bytes.length || !isSecond(first & 0xff, bytes[at + 1])) {
        return false;
      }
      for (int i = 2; i < length; i++) {
        if (!isContinuation(bytes[at + i])) {
          return false;
        }
      }
      at += length;
    }
    return true;
  }

  /** Of a character's bytes, by its first one; 0 if none begins so. */
  private static int length(int first) {
    if (first < 0xc2 || first > 0xf4) {
      return 0;
    }
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  }

  /** No character is written longer than it must, none is half a pair or above U+10FFFF. */
  private static boolean isSecond(int first, byte second) {
    return isContinuation(second)
        && switch (first) {
          case 0xe0 -> (second & 0xff) >= 0xa0;
          case 0xed -> (second & 0xff) < 0xa0;
          case 0xf0 -> (second & 0xff) >= 0x90;
          case 0xf4 -> (second & 0xff) < 0x90;
          default -> true;
        };
  }

  private static boolean isContinuation(byte next) {
    return (next & 0xc0) == 0x80;
  }
}
