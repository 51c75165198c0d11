package io.streamer.gateway.auth;

/** An issuer at work: its rules and its keys. */
record Issuer(IssuerSettings settings, KeyRing ring) {

  /** Whether a key of exactly that name is here; a token without a name fits no key for certain. */
  boolean knows(CompactToken token) {
    return token.kid().isPresent()
        && ring.keys().stream()
            .map(SignatureKey::key)
            .anyMatch(key -> key.algorithm() == token.algorithm() && key.kid().equals(token.kid()));
  }
}
