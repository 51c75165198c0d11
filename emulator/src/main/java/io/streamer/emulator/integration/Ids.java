package io.streamer.emulator.integration;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Ids shaped as AWS's are, so that what breaks on them breaks here too. */
public final class Ids {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** 11 bytes make 15 characters and the {@code =} that has to be encoded in paths. */
  private static final int BYTES = 11;

  // AWS publishes no rule: base64 of some length that no other kind of id has by chance
  private static final Pattern SHAPE =
      Pattern.compile("(?:[A-Za-z0-9_-]{4}){1,31}[A-Za-z0-9_-]{3}=");

  private Ids() {}

  /** An id of a connection, a request or a message, as {@code L0SM9cOFvHcCIhw=}. */
  public static String next() {
    return Base64.getUrlEncoder().encodeToString(random(BYTES));
  }

  /** Whether it could be a connection's id. */
  public static boolean isConnectionId(String text) {
    return SHAPE.matcher(text).matches();
  }

  /** A trace header of X-Ray's form. */
  static String trace(long nowMs) {
    return "Root=1-%08x-%s".formatted(nowMs / 1_000, HexFormat.of().formatHex(random(12)));
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
