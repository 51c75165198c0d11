package io.streamer.gateway.auth;

import io.vertx.core.Vertx;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.security.interfaces.RSAKey;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * One key, which checks signatures of its one algorithm. Safe for all threads, and none waits for
 * another: the library's verifier has a lock, so one is of one thread from its being taken to its
 * being given back, and where none is idle there is a new one.
 *
 * <p>Verifiers of its own for every key: one that is given several stops at the first key that
 * cannot even read a signature (an RSA key of another size), and silently keeps one of two keys of
 * the same name.
 */
final class SignatureKey {
  /**
   * Keys with names that a token which names none is tried with: each costs the event loop a
   * signature.
   */
  private static final int MOST_NAMED = 8;

  /** Each thread that runs at a moment has one at most: those beyond are not kept. */
  private static final int MOST_IDLE = Runtime.getRuntime().availableProcessors();

  private final Vertx vertx;
  private final PublicKeys.Key key;
  private final BlockingQueue<JWTAuth> idle = new ArrayBlockingQueue<>(MOST_IDLE);

  private SignatureKey(Vertx vertx, PublicKeys.Key key) {
    this.vertx = vertx;
    this.key = key;
  }

  /**
   * The key, ready to be used.
   *
   * @throws RuntimeException if the library verifies nothing with it
   */
  static SignatureKey of(Vertx vertx, PublicKeys.Key key) {
    var made = new SignatureKey(vertx, key);
    made.idle.add(made.verifier());
    return made;
  }

  PublicKeys.Key key() {
    return key;
  }

  /** Whether one of the keys that the token may use verifies it. */
  static boolean anyVerifies(List<SignatureKey> keys, CompactToken token) {
    int named = 0;
    for (var candidate : keys) {
      var key = candidate.key;
      if (key.serves(token.algorithm(), token.kid())
          && (key.kid().isEmpty() || token.kid().isPresent() || ++named <= MOST_NAMED)
          && candidate.verifies(token)) {
        return true;
      }
    }
    return false;
  }

  private boolean verifies(CompactToken token) {
    // RFC 8017, 8.2.2: as many bytes as the modulus; the library fills up what is shorter
    if (key.key() instanceof RSAKey rsa
        && token.signatureBytes() != (rsa.getModulus().bitLength() + 7) / 8) {
      return false;
    }
    var verifier = idle.poll();
    if (verifier == null) {
      verifier = verifier();
    }
    try {
      return verifier.authenticate(new TokenCredentials(token.text())).succeeded();
    } catch (RuntimeException _) {
      // what the library throws at claims of an unexpected type; these are a stranger's bytes
      return false;
    } finally {
      idle.offer(verifier);
    }
  }

  private JWTAuth verifier() {
    // times, issuer and audience are judged by Claims
    return JWTAuth.create(
        vertx,
        new JWTAuthOptions()
            .setJWTOptions(new JWTOptions().setIgnoreExpiration(true))
            .addPubSecKey(
                new PubSecKeyOptions().setAlgorithm(key.algorithm().name()).setBuffer(key.pem())));
  }
}
