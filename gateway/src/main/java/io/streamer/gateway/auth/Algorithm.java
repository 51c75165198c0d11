package io.streamer.gateway.auth;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The signatures a token may carry, by their names in a token's header (RFC 7518, RFC 8037). A key
 * serves exactly one of them, so a token cannot choose how its key is used.
 */
enum Algorithm {
  RS256("RSA", OptionalInt.empty()),
  ES256("EC", OptionalInt.of(64)),
  EdDSA("Ed25519", OptionalInt.of(64));

  /** All of them, as errors list them. */
  static final String NAMES = "RS256, ES256, EdDSA";

  /** The name of the JDK's key factory. */
  final String factory;

  /** Bytes of a signature, where they do not depend on the key. */
  final OptionalInt signatureBytes;

  Algorithm(String factory, OptionalInt signatureBytes) {
    this.factory = factory;
    this.signatureBytes = signatureBytes;
  }

  static Optional<Algorithm> named(String name) {
    return Arrays.stream(values()).filter(algorithm -> algorithm.name().equals(name)).findFirst();
  }
}
