package io.streamer.shared.blob;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The keys of what is stored: {@code <kind>/<tenant>/<yyyy/mm/dd>/<128 random bits>/<name>}. Rules
 * for what is kept how long go by the kind, and nobody guesses another's key.
 */
final class ObjectKeys {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy/MM/dd", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int MOST_TENANT = 256;
  private static final int RANDOM_BYTES = 16;

  private final SecureRandom random = new SecureRandom();

  String fresh(String kind, String tenant, Instant now, String name) {
    var bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return String.join(
        "/", kind, tenant(tenant), DAY.format(now), HexFormat.of().formatHex(bytes), name);
  }

  /** One segment for each tenant; a key has 1,024 bytes, so that a long name goes by its hash. */
  static String tenant(String tenant) {
    var encoded = percentEncoded(tenant);
    return encoded.length() <= MOST_TENANT ? encoded : "~" + sha256(tenant);
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static String percentEncoded(String text) {
    var encoded = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || c == '-'
          || c == '_'
          // a segment that starts with one may mean another folder to whoever resolves the URL
          || (c == '.' && !encoded.isEmpty())) {
        encoded.append(c);
      } else {
        encoded.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
      }
    }
    return encoded.toString();
  }
}
