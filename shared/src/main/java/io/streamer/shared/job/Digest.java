package io.streamer.shared.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** SHA-256 over parts, each behind its length so that no two lists of parts look alike. */
public final class Digest {
  private final MessageDigest sha256 = sha256();

  public Digest add(String part) {
    return add(part.getBytes(StandardCharsets.UTF_8));
  }

  public Digest add(byte[] part) {
    sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
    sha256.update(part);
    return this;
  }

  /** The first bytes as base64url, unpadded. */
  public String text(int bytes) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(sha256.digest(), bytes));
  }

  /** The first bytes as hexadecimal, in lower case. */
  public String hex(int bytes) {
    return HexFormat.of().formatHex(sha256.digest(), 0, bytes);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
