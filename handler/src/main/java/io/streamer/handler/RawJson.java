package io.streamer.handler;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON value, byte for byte as it came: for handlers that pass JSON on without reading it. What
 * a handler makes itself is looked at once when it is sent or stored; one that is no JSON ends its
 * job at once, as any result that cannot be written.
 */
public final class RawJson {
  /** The JSON value {@code null}. */
  public static final RawJson NULL = of("null");

  private final byte[] utf8;

  private RawJson(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** Wraps a value that is valid JSON in UTF-8; the array is not copied and must not change. */
  public static RawJson of(byte[] utf8) {
    return new RawJson(utf8);
  }

  /** Wraps a value that is valid JSON. */
  public static RawJson of(String json) {
    return new RawJson(json.getBytes(StandardCharsets.UTF_8));
  }

  /** The value in UTF-8; not a copy, and not to be changed. */
  public byte[] utf8() {
    return utf8;
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof RawJson that && Arrays.equals(utf8, that.utf8);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(utf8);
  }

  /** The JSON text. */
  @Override
  public String toString() {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
