package io.streamer.shared.protocol;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Takes what a writer with a buffer of its own hands over, mostly at once, and keeps it in an array
 * of its size.
 */
public final class ExactBytes extends ByteArrayOutputStream {
  /** Nothing yet. */
  public ExactBytes() {
    super(0);
  }

  /** All that was written; nothing may be written behind it. */
  public byte[] bytes() {
    return count == buf.length ? buf : toByteArray();
  }

  /** All that was written, with more behind it. */
  byte[] followedBy(byte[]... more) {
    int length = count;
    for (var one : more) {
      length += one.length;
    }
    var whole = Arrays.copyOf(buf, length);
    int at = count;
    for (var one : more) {
      System.arraycopy(one, 0, whole, at, one.length);
      at += one.length;
    }
    return whole;
  }
}
