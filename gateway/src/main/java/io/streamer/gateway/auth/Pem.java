package io.streamer.gateway.auth;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Public keys as {@code openssl pkey -pubout} writes them (RFC 7468), one or more in a text. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN PUBLIC KEY-----([^-]*+)-----END PUBLIC KEY-----");

  private Pem() {}

  /**
   * The keys of the text's {@code PUBLIC KEY} blocks; every other block is passed over.
   *
   * @throws IllegalArgumentException if such a block is not Base64 of a known kind of key
   */
  static List<PublicKeys.Key> read(String text) throws GeneralSecurityException {
    var keys = new ArrayList<PublicKeys.Key>();
    var block = BLOCK.matcher(text);
    while (block.find()) {
      var encoded = block.group(1).replaceAll("\\s", "");
      keys.add(decode(Base64.getDecoder().decode(encoded)));
    }
    return keys;
  }

  private static PublicKeys.Key decode(byte[] encoded) throws GeneralSecurityException {
    for (var algorithm : Algorithm.values()) {
      try {
        var key =
            KeyFactory.getInstance(algorithm.factory)
                .generatePublic(new X509EncodedKeySpec(encoded));
        return new PublicKeys.Key(algorithm, key, Optional.empty());
      } catch (InvalidKeySpecException _) {
        // the encoding names its kind of key: another factory may know it
      }
    }
    throw new IllegalArgumentException("a PUBLIC KEY block is not RSA, EC or Ed25519");
  }
}
