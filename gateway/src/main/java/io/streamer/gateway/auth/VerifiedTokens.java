package io.streamer.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.streamer.gateway.auth.Verified.Granted;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Tokens that held, by their digest: whoever comes back soon has the same one, and looking at it
 * again costs more than all else of a handshake. One counts while its issuer has the keys that it
 * was verified with, and until its time. Safe for all threads.
 */
final class VerifiedTokens {
  /** Of some 300 bytes each. */
  private static final int MOST = 10_000;

  private final InstantSource clock;
  private final Cache<Fingerprint, Held> held = Caffeine.newBuilder().maximumSize(MOST).build();

  /** SHA-256 of a token: nobody finds another one for it, and it tells nothing of the token. */
  private record Fingerprint(long first, long second, long third, long fourth) {
    static Fingerprint of(String token) {
      try {
        var sha256 = MessageDigest.getInstance("SHA-256");
        var digest = ByteBuffer.wrap(sha256.digest(token.getBytes(UTF_8)));
        return new Fingerprint(
            digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }
  }

  private record Held(Issuer issuer, List<SignatureKey> keys, Granted granted) {}

  VerifiedTokens(InstantSource clock) {
    this.clock = clock;
  }

  /** What a token grants, if it is known to hold. */
  Optional<Verified> find(String token) {
    var fingerprint = Fingerprint.of(token);
    var known = held.getIfPresent(fingerprint);
    if (known == null) {
      return Optional.empty();
    }
    if (known.granted().expiresAtMs() <= clock.millis()
        || !known.issuer().ring().keys().equals(known.keys())) {
      held.invalidate(fingerprint);
      return Optional.empty();
    }
    return Optional.of(known.granted());
  }

  /** One of these keys has verified it. */
  void keep(String token, Issuer issuer, List<SignatureKey> keys, Granted granted) {
    held.put(Fingerprint.of(token), new Held(issuer, keys, granted));
  }
}
