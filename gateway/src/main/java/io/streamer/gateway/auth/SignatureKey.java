package io.streamer.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.util.List;

/**
 * One key and what checks signatures with it.
 *
 * <p>A verifier of its own for every key: one that is given several stops at the first key that
 * cannot even read a signature (an RSA key of another size), and silently keeps one of two keys of
 * the same name.
 */
record SignatureKey(PublicKeys.Key key, JWTAuth signatures) {
  /**
   * Keys with names that a token which names none is tried with: each costs the event loop a
   * signature.
   */
  private static final int MOST_NAMED = 8;

  static SignatureKey of(Vertx vertx, PublicKeys.Key key) {
    // times, issuer and audience are judged by Claims
    return new SignatureKey(
        key,
        JWTAuth.create(
            vertx,
            new JWTAuthOptions()
                .setJWTOptions(new JWTOptions().setIgnoreExpiration(true))
                .addPubSecKey(
                    new PubSecKeyOptions()
                        .setAlgorithm(key.algorithm().name())
                        .setBuffer(key.pem()))));
  }

  /** Whether one of the keys that the token may use verifies it. */
  static Future<Boolean> anyVerifies(List<SignatureKey> keys, CompactToken token) {
    var credentials = new TokenCredentials(token.text());
    var outcome = Future.succeededFuture(false);
    int named = 0;
    for (var candidate : keys) {
      var key = candidate.key();
      if (!key.serves(token.algorithm(), token.kid())
          || (key.kid().isPresent() && token.kid().isEmpty() && ++named > MOST_NAMED)) {
        continue;
      }
      outcome =
          outcome
              .compose(holds ->
                  holds
                      ? Future.succeededFuture(true)
                      : candidate.signatures().authenticate(credentials).map(true))
              // also what the library throws at claims of an unexpected type
              .otherwise(false);
    }
    return outcome;
  }
}
