package io.streamer.shared.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What texts in UTF-8 are made of, byte by byte. */
public final class Utf8 {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long QUOTES = '"' * ONES;
  private static final long BACKSLASHES = '\\' * ONES;
  private static final long BLANKS = ' ' * ONES;

  private Utf8() {}

  /** Whether all of it is well formed: the decoders of JSON and of Java let more pass. */
  public static boolean isValid(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      if (at <= bytes.length - Long.BYTES && ((long) LONG.get(bytes, at) & HIGH_BITS) == 0) {
        at += Long.BYTES;
      } else if (bytes[at] >= 0) {
        at++;
      } else {
        int length = length(bytes, at);
        if (length == 0) {
          return false;
        }
        at += length;
      }
    }
    return true;
  }

  /**
   * The first place that is no plain letter: a quote, a backslash, a control character or a part of
   * a character outside ASCII; the text's length if there is none. Eight bytes at a time, because
   * most of what comes in is passed over here.
   */
  static int plainUntil(byte[] utf8, int from) {
    int at = from;
    for (int last = utf8.length - Long.BYTES; at <= last; at += Long.BYTES) {
      long word = (long) LONG.get(utf8, at);
      long special = (zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES) | below(word)) & ~word;
      long found = (special | word) & HIGH_BITS;
      if (found != 0) {
        // a borrow marks bytes behind the first one only
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (at < utf8.length && utf8[at] >= ' ' && utf8[at] != '"' && utf8[at] != '\\') {
      at++;
    }
    return at;
  }

  /** Marks bytes that are zero; bytes whose high bit is set may be marked or not. */
  private static long zeros(long word) {
    return (word - ONES) & ~word;
  }

  /** Marks bytes of control characters. */
  private static long below(long word) {
    return word - BLANKS;
  }

  /**
   * How many bytes the character outside ASCII has that begins there; 0 if it is not well formed
   * (RFC 3629: no overlong forms, no halves of a pair, nothing above U+10FFFF).
   */
  static int length(byte[] utf8, int at) {
    int lead = utf8[at] & 0xFF;
    if (lead < 0xE0) {
      return lead >= 0xC2 && isFollowUp(utf8, at + 1) ? 2 : 0;
    }
    if (lead > 0xF4 || at + 1 >= utf8.length) {
      return 0;
    }
    int second = utf8[at + 1] & 0xFF;
    int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most || !isFollowUp(utf8, at + 2)) {
      return 0;
    }
    return lead < 0xF0 ? 3 : isFollowUp(utf8, at + 3) ? 4 : 0;
  }

  private static boolean isFollowUp(byte[] utf8, int at) {
    return at < utf8.length && (utf8[at] & 0xC0) == 0x80;
  }
}
