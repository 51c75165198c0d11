package io.streamer.gateway.auth;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * One key, which checks signatures of its one algorithm. Safe for all threads, and none waits for
 * another: a verifier is of one thread from its being taken to its being given back, and where none
 * is idle there is a new one.
 */
final class SignatureKey {
  /**
   * Keys with names that a token which names none is tried with: each costs the event loop a
   * signature.
   */
  private static final int MOST_NAMED = 8;

  /** Each thread that runs at a moment has one at most: those beyond are not kept. */
  private static final int MOST_IDLE = Runtime.getRuntime().availableProcessors();

  private final PublicKeys.Key key;
  private final BlockingQueue<Signature> idle = new ArrayBlockingQueue<>(MOST_IDLE);

  private SignatureKey(PublicKeys.Key key) {
    this.key = key;
  }

  /**
   * The key, ready to be used.
   *
   * @throws IllegalArgumentException if this JDK verifies nothing with it
   */
  static SignatureKey of(PublicKeys.Key key) {
    var made = new SignatureKey(key);
    try {
      made.idle.add(made.verifier());
    } catch (InvalidKeyException unusable) {
      throw new IllegalArgumentException("it verifies nothing: " + unusable.getMessage(), unusable);
    }
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
    try {
      var verifier = idle.poll();
      if (verifier == null) {
        verifier = verifier();
      }
      verifier.update(token.signed());
      boolean holds = verifier.verify(token.signature());
      // one that threw may still hold what it was given, and is not taken again
      idle.offer(verifier);
      return holds;
    } catch (GeneralSecurityException | RuntimeException _) {
      // an RSA signature of another size, say; these are a stranger's bytes
      return false;
    }
  }

  private Signature verifier() throws InvalidKeyException {
    try {
      var verifier = Signature.getInstance(key.algorithm().signature);
      verifier.initVerify(key.key());
      return verifier;
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK verifies " + key.algorithm(), impossible);
    }
  }
}
