package io.streamer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.auth.Verified.Granted;
import io.streamer.gateway.auth.Verified.Refused;
import io.streamer.shared.settings.Document;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token that comes again. */
class VerifiedTokensTest {
  private static final Instant NOW = Instant.parse("2031-05-06T07:08:09Z");

  /** {@code exp} and the leeway. */
  private static final int SECONDS = 300 + 60;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);

  @TempDir Path folder;

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private TokenVerifier verifier() {
    var keys =
        Tokens.pemFile(
            folder, Tokens.RSA.getPublic(), Tokens.EC.getPublic(), Tokens.ED.getPublic());
    var issuer =
        new IssuerSettings(
            Optional.empty(),
            new IssuerSettings.Source.Given(
                List.of(new Document.InFile(keys)), "STREAMER_TOKEN_KEYS"),
            Set.of(),
            Set.of(Algorithm.values()),
            "tenant_id");
    return new TokenVerifier(vertx, new AuthSettings(List.of(issuer)), now::get);
  }

  private static String token(String algorithm, String user) {
    return Tokens.signed(algorithm, Tokens.claims(NOW).put("sub", user));
  }

  private static Granted granted(TokenVerifier verifier, String token) {
    return (Granted) verifier.verify(token).await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
  void itIsLookedAtOnce(String algorithm) {
    var verifier = verifier();
    var token = token(algorithm, "u1");
    var first = granted(verifier, token);
    assertThat(granted(verifier, token)).isSameAs(first);
    // another token of the same claims is another one
    var second = granted(verifier, token(algorithm, "u2"));
    assertThat(second.caller().user()).isEqualTo("u2");
    assertThat(granted(verifier, token)).isSameAs(first);
  }

  @Test
  void itEndsWithItsTimeAllTheSame() {
    var verifier = verifier();
    var token = token("ES256", "u1");
    granted(verifier, token);
    now.set(NOW.plusSeconds(SECONDS).minusMillis(1));
    granted(verifier, token);
    now.set(NOW.plusSeconds(SECONDS));
    assertThat(verifier.verify(token).await())
        .isInstanceOfSatisfying(
            Refused.class, it -> assertThat(it.code()).isEqualTo("expired_token"));
  }

  @Test
  void whatDiffersInASingleCharacterIsNotIt() {
    var verifier = verifier();
    var token = token("RS256", "u1");
    granted(verifier, token);
    for (int at = 1; at < token.length() - 1; at += 37) {
      char other = token.charAt(at) == 'A' ? 'B' : 'A';
      var changed = token.substring(0, at) + other + token.substring(at + 1);
      assertThat(verifier.verify(changed).await()).as(changed).isInstanceOf(Refused.class);
    }
    granted(verifier, token);
  }

  @Test
  void whatIsRefusedIsNotKept() {
    var verifier = verifier();
    var early =
        Tokens.signed("ES256", new JsonObject().mergeIn(Tokens.claims(NOW)).put("nbf", later(120)));
    assertThat(verifier.verify(early).await()).isInstanceOf(Refused.class);
    now.set(NOW.plusSeconds(120));
    granted(verifier, early);
  }

  private static long later(int seconds) {
    return NOW.getEpochSecond() + seconds;
  }
}
