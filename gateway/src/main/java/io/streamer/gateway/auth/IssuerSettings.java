package io.streamer.gateway.auth;

import io.streamer.shared.settings.Document;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whose tokens are believed, and how they are checked.
 *
 * @param issuer what {@code iss} must be; any if empty
 * @param keys where its public keys are
 * @param audience of which {@code aud} must be or contain one; any if empty
 * @param algorithms the allow-list: some of RS256, ES256 and EdDSA
 * @param tenantClaim the claim that names the tenant
 */
record IssuerSettings(
    Optional<String> issuer,
    Source keys,
    Set<String> audience,
    Set<Algorithm> algorithms,
    String tenantClaim) {

  static final String TENANT_CLAIM = "tenant_id";

  IssuerSettings {
    audience = Set.copyOf(audience);
    algorithms = Set.copyOf(algorithms);
  }

  /** Where public keys come from. */
  sealed interface Source {

    /**
     * Documents, PEM or JWKS, read once at start.
     *
     * @param named what names them, for errors
     */
    record Given(List<Document> documents, String named) implements Source {
      public Given {
        documents = List.copyOf(documents);
      }
    }

    /**
     * A JWKS over HTTP, fetched at start and again and again.
     *
     * @param overlap how long a key is accepted after it has left the set
     */
    record Web(URI jwks, Duration overlap) implements Source {}
  }

  /** How log lines and checks call the issuer. */
  String name() {
    return issuer.orElse("any issuer");
  }
}
