package io.streamer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.auth.IssuerSettings.Source;
import io.streamer.gateway.auth.Verified.Granted;
import io.streamer.gateway.auth.Verified.Refused;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** An issuer with a web server, a verifier that follows it, and the time of both. */
final class RemoteIssuer {
  static final Instant NOW = Instant.parse("2031-05-06T07:08:09Z");
  static final Duration OVERLAP = Duration.ofMinutes(10);
  static final KeyPair OTHER = Tokens.ec("secp256r1");

  /** By the key {@code Tokens.EC} under the name a. */
  static final String A = token("a", Tokens.EC);

  /** By the key {@code OTHER} under the name b. */
  static final String B = token("b", OTHER);

  private static final String NAME = "https://login.example";

  final ManualTimers time = new ManualTimers(NOW);
  final JwksServer server;
  private final Vertx vertx;
  private TokenVerifier verifier;

  RemoteIssuer(Vertx vertx) {
    this.vertx = vertx;
    this.server = new JwksServer(vertx);
    this.verifier = verifier(JwksClient.PATIENCE);
  }

  private TokenVerifier verifier(Duration patience) {
    var settings =
        new IssuerSettings(
            Optional.of(NAME),
            new Source.Web(server.uri(), OVERLAP),
            Set.of("streamer"),
            Set.of(Algorithm.values()),
            "tenant_id");
    return new TokenVerifier(vertx, new AuthSettings(List.of(settings)), time, time, patience);
  }

  TokenVerifier verifier() {
    return verifier;
  }

  /** Another verifier, whose fetches end after that time. */
  void isGivenUpAfter(Duration patience) {
    verifier.close();
    verifier = verifier(patience);
  }

  static JsonObject jwk(String kid, KeyPair pair) {
    return Tokens.jwk(pair.getPublic()).put("kid", kid);
  }

  /** Claims that hold for as long as any test lets pass. */
  static JsonObject claims() {
    return Tokens.claims(NOW)
        .put("exp", NOW.getEpochSecond() + 1_000_000)
        .put("iss", NAME)
        .put("aud", "streamer");
  }

  static String token(String kid, KeyPair pair) {
    var algorithm =
        switch (pair.getPublic().getAlgorithm()) {
          case "RSA" -> "RS256";
          case "EC" -> "ES256";
          default -> "EdDSA";
        };
    return Tokens.signed(Tokens.header(algorithm).put("kid", kid), claims(), pair.getPrivate());
  }

  static <T> T ended(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  Verified verify(String token) {
    return ended(verifier.verify(token));
  }

  void assertGranted(String token) {
    assertThat(verify(token)).isInstanceOf(Granted.class);
  }

  static void assertInvalid(Verified verified) {
    assertThat(verified)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).isEqualTo("invalid_token"));
  }

  void assertInvalid(String token) {
    assertInvalid(verify(token));
  }

  void assertInvalidAtOnce(String token) {
    var answer = verifier.verify(token);
    assertThat(answer.isComplete()).as("answered on the spot").isTrue();
    assertInvalid(answer.result());
  }

  boolean isReady() {
    return verifier.readiness().get(NAME).getAsBoolean();
  }

  void start() {
    ended(verifier.start());
  }

  /** Lets the timer of the next refresh ring, and waits for what it causes. */
  void refreshAfter(Duration delay) {
    var gate = server.holds();
    time.advance(delay);
    var refreshed = verifier.start();
    gate.complete();
    ended(refreshed);
  }

  void close() {
    verifier.close();
    server.close();
  }
}
