package io.streamer.shared.aws;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC-SHA256 (RFC 2104) by the digest alone. {@code javax.crypto.Mac} would load four security
 * providers and verify the last of them first, which a worker that starts has to wait for.
 */
final class HmacSha256 {
  private static final int BLOCK_BYTES = 64;
  private static final byte INNER = 0x36;
  private static final byte OUTER = 0x5c;

  private HmacSha256() {}

  static byte[] of(byte[] key, byte[] data) {
    var sha256 = sha256();
    var block = Arrays.copyOf(key.length > BLOCK_BYTES ? sha256.digest(key) : key, BLOCK_BYTES);
    sha256.update(padded(block, INNER));
    var inner = sha256.digest(data);
    sha256.update(padded(block, OUTER));
    return sha256.digest(inner);
  }

  private static byte[] padded(byte[] block, byte pad) {
    var padded = new byte[BLOCK_BYTES];
    for (int i = 0; i < BLOCK_BYTES; i++) {
      padded[i] = (byte) (block[i] ^ pad);
    }
    return padded;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
