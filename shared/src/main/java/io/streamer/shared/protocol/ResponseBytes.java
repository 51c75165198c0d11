package io.streamer.shared.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/** A response as its bytes, the frame that is sent most: put together in an array of its size. */
final class ResponseBytes {
  private static final byte[] TIME = "{\"type\":\"response\",\"timestamp\":".getBytes(US_ASCII);
  private static final byte[] ID = ",\"request_id\":\"".getBytes(US_ASCII);
  private static final byte[] BEHIND_ID = "\",\"success\":true,\"data\":".getBytes(US_ASCII);

  /** Of the seconds, from 2001 to 2286. */
  private static final int SECONDS_DIGITS = 10;

  private static final long LEAST_MS = 1_000_000_000_000L;
  private static final long MOST_MS = 9_999_999_999_999L;
  private static final int FRACTION_DIGITS = 3;

  private ResponseBytes() {}

  /**
   * Writes a response; null if its id does not stand in JSON as it is, which is for others to do.
   *
   * @param nowMs its {@code timestamp}, in epoch milliseconds
   */
  static byte @Nullable [] of(ServerFrame.Response response, long nowMs) {
    var id = response.requestId();
    if (id == null || !isPlain(id) || nowMs < LEAST_MS || nowMs > MOST_MS) {
      return null;
    }
    var data = response.data().utf8();
    var frame =
        new byte
            [TIME.length
                + SECONDS_DIGITS
                + 1
                + FRACTION_DIGITS
                + ID.length
                + id.length()
                + BEHIND_ID.length
                + data.length
                + 1];
    int at = put(TIME, frame, 0);
    at = digits(nowMs / 1_000, SECONDS_DIGITS, frame, at);
    frame[at++] = '.';
    at = digits(nowMs % 1_000, FRACTION_DIGITS, frame, at);
    at = put(ID, frame, at);
    for (int i = 0; i < id.length(); i++) {
      frame[at++] = (byte) id.charAt(i);
    }
    at = put(BEHIND_ID, frame, at);
    at = put(data, frame, at);
    frame[at] = '}';
    return frame;
  }

  private static boolean isPlain(String id) {
    for (int i = 0; i < id.length(); i++) {
      char letter = id.charAt(i);
      if (letter < ' ' || letter >= 0x7F || letter == '"' || letter == '\\') {
        return false;
      }
    }
    return true;
  }

  private static int put(byte[] bytes, byte[] frame, int at) {
    System.arraycopy(bytes, 0, frame, at, bytes.length);
    return at + bytes.length;
  }

  private static int digits(long number, int count, byte[] frame, int at) {
    long rest = number;
    for (int i = at + count - 1; i >= at; i--) {
      frame[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return at + count;
  }
}
