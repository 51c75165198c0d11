package io.streamer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.gateway.auth.Verified.Granted;
import io.streamer.gateway.auth.Verified.Refused;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each issuer's tokens are held to that issuer's rules and keys alone. */
class SeveralIssuersTest {
  private static final Instant NOW = Instant.parse("2031-05-06T07:08:09Z");

  private static Vertx vertx;

  @TempDir Path folder;

  /** One signs by EC or Ed25519 for the audience one, two by RSA or EC for the audience two. */
  private TokenVerifier verifier;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @BeforeEach
  void setUp() {
    var one =
        entry("one", "ES256", "EdDSA")
            .put("keys", JsonArray.of(pem(Tokens.EC), pem(Tokens.ED), pem(Tokens.RSA)));
    var two =
        entry("two", "RS256", "ES256")
            .put("keys", JsonArray.of(pem(Tokens.RSA), pem(OTHER)))
            .put("tenant_claim", "org");
    verifier = verifier(one, two);
  }

  private static final KeyPair OTHER = Tokens.ec("secp256r1");

  private static JsonObject entry(String name, String... algorithms) {
    return new JsonObject()
        .put("issuer", name)
        .put("audience", JsonArray.of(name, "both"))
        .put("algorithms", JsonArray.of((Object[]) algorithms));
  }

  /** By its name beside the issuers file. */
  private String pem(KeyPair pair) {
    return String.valueOf(Tokens.pemFile(folder, pair.getPublic()).getFileName());
  }

  private TokenVerifier verifier(JsonObject... issuers) {
    var file = Tokens.file(folder, "json", JsonArray.of((Object[]) issuers).encode());
    var settings =
        AuthSettings.from(new Environment(Map.of("STREAMER_TOKEN_ISSUERS", file.toString())));
    return new TokenVerifier(vertx, settings, InstantSource.fixed(NOW));
  }

  private static JsonObject claims(String issuer) {
    return Tokens.claims(NOW).put("iss", issuer).put("aud", issuer).put("org", "t2");
  }

  private Verified verify(String algorithm, KeyPair pair, JsonObject claims) {
    var token = Tokens.signed(Tokens.header(algorithm), claims, pair.getPrivate());
    var answer = verifier.verify(token);
    assertThat(answer.isComplete()).as("answered on the spot").isTrue();
    return answer.result();
  }

  private void assertGranted(String algorithm, KeyPair pair, JsonObject claims) {
    assertThat(verify(algorithm, pair, claims)).isInstanceOf(Granted.class);
  }

  private void assertInvalid(String algorithm, KeyPair pair, JsonObject claims) {
    assertThat(verify(algorithm, pair, claims))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).isEqualTo("invalid_token"));
  }

  @Test
  void eachIssuersOwnKeysVerifyItsTokens() {
    assertGranted("ES256", Tokens.EC, claims("one"));
    assertGranted("EdDSA", Tokens.ED, claims("one"));
    assertGranted("RS256", Tokens.RSA, claims("two"));
    assertGranted("ES256", OTHER, claims("two"));
  }

  @Test
  void anIssuersKeyDoesNotVerifyAnothersTokens() {
    assertInvalid("ES256", OTHER, claims("one"));
    assertInvalid("ES256", Tokens.EC, claims("two"));
  }

  @Test
  void anAlgorithmOfAnotherIssuerIsNotThisOnes() {
    assertInvalid("RS256", Tokens.RSA, claims("one"));
    assertInvalid("EdDSA", Tokens.ED, claims("two"));
  }

  @ParameterizedTest
  @CsvSource({"one,two", "two,one"})
  void anAudienceOfAnotherIssuerIsNotThisOnes(String issuer, String audience) {
    var pair = issuer.equals("one") ? Tokens.EC : OTHER;

    assertInvalid("ES256", pair, claims(issuer).put("aud", audience));
    assertGranted("ES256", pair, claims(issuer).put("aud", "both"));
    assertGranted("ES256", pair, claims(issuer).put("aud", JsonArray.of(audience, issuer)));
  }

  @Test
  void aTokenOfNoListedIssuerIsRefused() {
    var without = claims("one");
    without.remove("iss");

    assertInvalid("ES256", Tokens.EC, without);
    assertInvalid("ES256", Tokens.EC, claims("one").putNull("iss"));
    assertInvalid("ES256", Tokens.EC, claims("one").put("iss", "three"));
    assertInvalid("ES256", Tokens.EC, claims("one").put("iss", "ONE"));
    assertInvalid("ES256", Tokens.EC, claims("one").put("iss", "one "));
    assertInvalid("ES256", Tokens.EC, claims("one").put("iss", JsonArray.of("one")));
  }

  @Test
  void aSingleIssuerOfTheFileWantsItsNameToo() {
    verifier = verifier(entry("one", "ES256").put("keys", JsonArray.of(pem(Tokens.EC))));
    var without = claims("one");
    without.remove("iss");

    assertGranted("ES256", Tokens.EC, claims("one"));
    assertInvalid("ES256", Tokens.EC, without);
  }

  @Test
  void theTenantStandsInTheClaimThatTheIssuerUses() {
    assertThat(verify("ES256", Tokens.EC, claims("one")))
        .isInstanceOfSatisfying(
            Granted.class, granted -> assertThat(granted.caller().tenant()).isEqualTo("t1"));
    assertThat(verify("ES256", OTHER, claims("two")))
        .isInstanceOfSatisfying(
            Granted.class, granted -> assertThat(granted.caller().tenant()).isEqualTo("t2"));

    var without = claims("two");
    without.remove("org");
    assertInvalid("ES256", OTHER, without);
  }

  @Test
  void keyFilesThatServeNoAlgorithmAreNamedByPointer() {
    var entry = entry("one", "EdDSA").put("keys", JsonArray.of(pem(Tokens.EC)));

    assertThatThrownBy(() -> verifier(entry))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("/0/keys of " + folder);
  }

  @Test
  void aKeyFileThatIsNotThereIsNamedWithItsPointer() {
    var entry = entry("one", "EdDSA").put("keys", JsonArray.of("missing.pem"));

    assertThatThrownBy(() -> verifier(entry))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("missing.pem")
        .hasMessageContaining("/0/keys of ");
  }
}
