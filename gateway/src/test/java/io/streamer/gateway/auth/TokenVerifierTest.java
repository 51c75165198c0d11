package io.streamer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.gateway.auth.Verified.Granted;
import io.streamer.gateway.auth.Verified.Refused;
import io.streamer.handler.Caller;
import io.streamer.shared.settings.Document;
import io.streamer.shared.settings.SettingsException;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
  /** Not the machine's time: every judgement of times must come from the given clock. */
  private static final Instant NOW = Instant.parse("2031-05-06T07:08:09Z");

  private static final Caller CALLER = new Caller("t1", "u1", Set.of());
  private static final KeyPair OTHER_RSA = Tokens.rsa(2048);

  private static Vertx vertx;

  @TempDir Path folder;

  /** Knows all three keys, by PEM and so without names, and wants an issuer and an audience. */
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
    var file =
        Tokens.pemFile(
            folder, Tokens.RSA.getPublic(), Tokens.EC.getPublic(), Tokens.ED.getPublic());
    verifier = strict(file);
  }

  private static AuthSettings settings(
      Optional<String> issuer, Set<String> audience, Set<Algorithm> algorithms, Path... files) {
    return new AuthSettings(
        List.of(
            new IssuerSettings(
                issuer,
                new IssuerSettings.Source.Given(
                    Stream.of(files).<Document>map(Document.InFile::new).toList(),
                    "STREAMER_TOKEN_KEYS"),
                audience,
                algorithms,
                "tenant_id")));
  }

  private static TokenVerifier strict(Path file) {
    return new TokenVerifier(
        vertx,
        settings(
            Optional.of("https://issuer.example"),
            Set.of("streamer"),
            Set.of(Algorithm.values()),
            file),
        InstantSource.fixed(NOW));
  }

  private static TokenVerifier lenient(Path... files) {
    return new TokenVerifier(
        vertx,
        settings(Optional.empty(), Set.of(), Set.of(Algorithm.values()), files),
        InstantSource.fixed(NOW));
  }

  private static JsonObject claims() {
    return Tokens.claims(NOW).put("iss", "https://issuer.example").put("aud", "streamer");
  }

  private static Verified verify(TokenVerifier verifier, String token) {
    var answer = verifier.verify(token);
    assertThat(answer.isComplete()).as("answered on the spot").isTrue();
    return answer.result();
  }

  private static void assertRefused(Verified verified, String code) {
    assertThat(verified)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(code);
              assertThat(refused.status()).isEqualTo(401);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
  void aTokenOfEachAlgorithmIsGrantedByAPemKey(String algorithm) {
    var alone = strict(Tokens.pemFile(folder, Tokens.keyPair(algorithm).getPublic()));

    assertThat(verify(alone, Tokens.signed(algorithm, claims())))
        .isEqualTo(new Granted(CALLER, NOW.plusSeconds(360).toEpochMilli()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
  void aTokenOfEachAlgorithmIsGrantedByAJwksKey(String algorithm) {
    var pair = Tokens.keyPair(algorithm);
    var jwk = Tokens.jwk(pair.getPublic()).put("kid", "k1").put("use", "sig").put("alg", algorithm);
    var header = Tokens.header(algorithm).put("kid", "k1");

    assertThat(
            verify(
                strict(Tokens.jwksFile(folder, jwk)),
                Tokens.signed(header, claims(), pair.getPrivate())))
        .isInstanceOf(Granted.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 8, 20})
  void aTokenThatNamesNoKeyIsTriedWithEightOfThemAtMost(int signer) {
    var pairs = Stream.generate(() -> Tokens.ec("secp256r1")).limit(21).toList();
    var keys = new JsonObject[pairs.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = Tokens.jwk(pairs.get(i).getPublic()).put("kid", "k" + i).put("alg", "ES256");
    }
    var set = strict(Tokens.jwksFile(folder, keys));
    var key = pairs.get(signer).getPrivate();
    var named = Tokens.header("ES256").put("kid", "k" + signer);
    assertThat(verify(set, Tokens.signed(named, claims(), key))).isInstanceOf(Granted.class);
    var nameless = verify(set, Tokens.signed(Tokens.header("ES256"), claims(), key));
    if (signer < 8) {
      assertThat(nameless).isInstanceOf(Granted.class);
    } else {
      assertRefused(nameless, "invalid_token");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
  void aChangedTokenIsRefused(String algorithm) {
    var token = Tokens.signed(algorithm, claims());
    var parts = token.split("\\.", -1);
    var changed = Tokens.base64(claims().put("sub", "root").encode());

    assertRefused(verify(verifier, parts[0] + "." + changed + "." + parts[2]), "invalid_token");
  }

  @Test
  void permissionsComeFromTheToken() {
    var claims = claims().put("permissions", new JsonArray().add("jobs:read").add("reports:write"));

    assertThat(verify(verifier, Tokens.signed("ES256", claims)))
        .isInstanceOfSatisfying(
            Granted.class,
            granted ->
                assertThat(granted.caller().permissions())
                    .containsExactlyInAnyOrder("jobs:read", "reports:write"));
  }

  @Test
  void noTokenIsMissing() {
    assertRefused(verify(verifier, null), "missing_token");
    assertRefused(verify(verifier, ""), "missing_token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        ".",
        "..",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        "Bearer a.b.c",
        "eyJhbGciOiJSUzI1NiJ9.e30.",
        "eyJhbGciOiJSUzI1NiJ9.e30.AA..",
        "e30.e30.AA",
        "W10.e30.AA",
        "\u0000.\u0000.\u0000"
      })
  void garbageIsInvalid(String garbage) {
    assertRefused(verify(verifier, garbage), "invalid_token");
  }

  @Test
  void twoPartsAreInvalid() {
    assertRefused(
        verify(verifier, Tokens.unsigned(Tokens.header("RS256"), claims())), "invalid_token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE"})
  void theAlgorithmNoneIsInvalidWithAndWithoutASignature(String none) {
    var header = Tokens.header(none);
    assertRefused(verify(verifier, Tokens.unsigned(header, claims())), "invalid_token");
    assertRefused(verify(verifier, Tokens.unsigned(header, claims()) + "."), "invalid_token");
    assertRefused(
        verify(verifier, Tokens.signed(header, claims(), Tokens.RSA.getPrivate())),
        "invalid_token");
  }

  static Stream<byte[]> secretsMadeOfThePublicKey() {
    var key = Tokens.RSA.getPublic();
    var text = Tokens.pem("PUBLIC KEY", key);
    return Stream.of(
        text.getBytes(StandardCharsets.US_ASCII),
        text.strip().getBytes(StandardCharsets.US_ASCII),
        // without line breaks
        ("-----BEGIN PUBLIC KEY-----\n"
                + Base64.getEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n")
            .getBytes(StandardCharsets.US_ASCII),
        key.getEncoded());
  }

  @ParameterizedTest
  @MethodSource("secretsMadeOfThePublicKey")
  void aPublicKeyIsNoSecret(byte[] secret) {
    assertRefused(
        verify(verifier, Tokens.hmac(Tokens.header("HS256"), claims(), secret)), "invalid_token");
    assertRefused(
        verify(verifier, Tokens.hmac(Tokens.header("RS256"), claims(), secret)), "invalid_token");
  }

  @ParameterizedTest
  @CsvSource({
    "ES256,RS256",
    "EdDSA,RS256",
    "RS256,ES256",
    "EdDSA,ES256",
    "RS256,EdDSA",
    "ES256,EdDSA"
  })
  void aTokenWhoseAlgorithmIsNotItsKeysIsInvalid(String claimed, String actual) {
    var key = Tokens.keyPair(actual);
    var token = Tokens.signed(Tokens.header(claimed), claims(), key.getPrivate());

    assertRefused(verify(verifier, token), "invalid_token");
    assertRefused(verify(strict(Tokens.pemFile(folder, key.getPublic())), token), "invalid_token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS384", "RS512", "PS256", "ES384", "ES256K", "rs256", "RS256 ", "RS1"})
  void anAlgorithmThatIsNotOnTheListIsInvalid(String algorithm) {
    assertRefused(
        verify(
            verifier, Tokens.signed(Tokens.header(algorithm), claims(), Tokens.RSA.getPrivate())),
        "invalid_token");
  }

  @Test
  void anAlgorithmTheSettingsLeaveOutIsInvalid() {
    var file = Tokens.pemFile(folder, Tokens.RSA.getPublic(), Tokens.EC.getPublic());
    var onlyEc =
        new TokenVerifier(
            vertx,
            settings(Optional.empty(), Set.of(), Set.of(Algorithm.ES256), file),
            InstantSource.fixed(NOW));

    assertThat(verify(onlyEc, Tokens.signed("ES256", claims()))).isInstanceOf(Granted.class);
    assertRefused(verify(onlyEc, Tokens.signed("RS256", claims())), "invalid_token");
  }

  @Test
  void keysOfWhichNoneServesAnAllowedAlgorithmFailAtStart() {
    var settings =
        settings(
            Optional.empty(),
            Set.of(),
            Set.of(Algorithm.ES256),
            Tokens.pemFile(folder, Tokens.RSA.getPublic()));

    assertThatThrownBy(() -> new TokenVerifier(vertx, settings, InstantSource.fixed(NOW)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_TOKEN_KEYS");
  }

  @ParameterizedTest
  @ValueSource(longs = {60, 61, 3600, 1_900_000_000})
  void aTokenPastItsLeewayIsExpired(long secondsAgo) {
    var claims = claims().put("exp", NOW.getEpochSecond() - secondsAgo);

    assertRefused(verify(verifier, Tokens.signed("RS256", claims)), "expired_token");
  }

  @Test
  void aTokenJustInsideItsLeewayIsGrantedForTheRest() {
    var claims = claims().put("exp", NOW.getEpochSecond() - 59);

    assertThat(verify(verifier, Tokens.signed("RS256", claims)))
        .isEqualTo(new Granted(CALLER, NOW.plusSeconds(1).toEpochMilli()));
  }

  @Test
  void timesMayHaveAFraction() {
    var claims = claims().put("exp", NOW.getEpochSecond() + 0.5);

    assertThat(verify(verifier, Tokens.signed("EdDSA", claims)))
        .isEqualTo(new Granted(CALLER, NOW.plusMillis(60_500).toEpochMilli()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nbf", "iat"})
  void aTokenOfTheFutureIsInvalidBeyondTheLeeway(String claim) {
    var soon = claims().put(claim, NOW.getEpochSecond() + 60);
    var later = claims().put(claim, NOW.getEpochSecond() + 61);

    assertThat(verify(verifier, Tokens.signed("RS256", soon))).isInstanceOf(Granted.class);
    assertRefused(verify(verifier, Tokens.signed("RS256", later)), "invalid_token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "sub", "tenant_id", "iss", "aud"})
  void aTokenWithoutARequiredClaimIsInvalid(String claim) {
    var without = claims();
    without.remove(claim);

    assertRefused(verify(verifier, Tokens.signed("RS256", without)), "invalid_token");
    assertRefused(
        verify(verifier, Tokens.signed("RS256", claims().putNull(claim))), "invalid_token");
  }

  static Stream<JsonObject> wrongClaims() {
    return Stream.of(
        new JsonObject().put("iss", "https://other.example"),
        new JsonObject().put("iss", new JsonArray().add("https://issuer.example")),
        new JsonObject().put("iss", new JsonObject()),
        new JsonObject().put("aud", "other"),
        new JsonObject().put("aud", 7),
        new JsonObject().put("aud", new JsonObject().put("streamer", "streamer")),
        new JsonObject().put("aud", new JsonArray()),
        new JsonObject().put("aud", new JsonArray().add("other")),
        new JsonObject().put("exp", "tomorrow"),
        new JsonObject().put("exp", Long.MAX_VALUE),
        new JsonObject().put("exp", NOW.toEpochMilli()),
        new JsonObject().put("exp", new JsonObject()),
        new JsonObject().put("exp", true),
        new JsonObject().put("nbf", "yesterday"),
        new JsonObject().put("iat", "yesterday"),
        new JsonObject().put("nbf", -1),
        new JsonObject().putNull("nbf"),
        new JsonObject().putNull("iat"),
        new JsonObject().put("sub", ""),
        new JsonObject().put("sub", " "),
        new JsonObject().put("sub", 7),
        new JsonObject().put("sub", "x".repeat(129)),
        new JsonObject().put("sub", "a\nb"),
        new JsonObject().put("tenant_id", ""),
        new JsonObject().put("tenant_id", new JsonArray().add("t1")),
        new JsonObject().put("tenant_id", "x".repeat(129)),
        new JsonObject().put("permissions", "jobs:read"),
        new JsonObject().put("permissions", new JsonArray().add(1)),
        new JsonObject().put("permissions", new JsonArray().addNull()),
        new JsonObject().put("permissions", new JsonArray().add("x".repeat(129))),
        new JsonObject().put("permissions", new JsonArray(Collections.nCopies(65, "p"))));
  }

  @ParameterizedTest
  @MethodSource("wrongClaims")
  void aClaimOfAnotherValueOrTypeIsInvalid(JsonObject wrong) {
    assertRefused(
        verify(verifier, Tokens.signed("ES256", claims().mergeIn(wrong))), "invalid_token");
  }

  @Test
  void aLoneSurrogateIsNoName() {
    var claims = claims().encode().replace("\"u1\"", "\"\\ud800\"");
    var content = Tokens.base64(Tokens.header("EdDSA").encode()) + "." + Tokens.base64(claims);
    var signature = Tokens.base64(Tokens.signature(content, Tokens.ED.getPrivate(), "Ed25519"));

    assertRefused(verify(verifier, content + "." + signature), "invalid_token");
  }

  @Test
  void claimsAtTheirBoundsAreGranted() {
    var claims =
        claims()
            .put("sub", "x".repeat(128))
            .put("tenant_id", "y".repeat(128))
            .put("aud", new JsonArray().add("other").add("streamer"))
            .put(
                "permissions",
                new JsonArray(Collections.nCopies(63, "p")).copy().add("q".repeat(128)));

    assertThat(verify(verifier, Tokens.signed("ES256", claims))).isInstanceOf(Granted.class);
  }

  @Test
  void claimsThatAreNoObjectAreInvalid() {
    var content = Tokens.base64(Tokens.header("EdDSA").encode()) + "." + Tokens.base64("[1]");
    var signature = Tokens.base64(Tokens.signature(content, Tokens.ED.getPrivate(), "Ed25519"));

    assertRefused(verify(verifier, content + "." + signature), "invalid_token");
  }

  @Test
  void aTokenOfAnotherKeyIsInvalid() {
    assertRefused(
        verify(verifier, Tokens.signed(Tokens.header("RS256"), claims(), OTHER_RSA.getPrivate())),
        "invalid_token");
  }

  @Test
  void anUnknownKidIsInvalidEvenIfTheKeyWouldVerifyIt() {
    var named =
        lenient(Tokens.jwksFile(folder, Tokens.jwk(Tokens.RSA.getPublic()).put("kid", "a")));
    var key = Tokens.RSA.getPrivate();

    assertThat(verify(named, Tokens.signed(Tokens.header("RS256").put("kid", "a"), claims(), key)))
        .isInstanceOf(Granted.class);
    assertThat(verify(named, Tokens.signed(Tokens.header("RS256"), claims(), key)))
        .isInstanceOf(Granted.class);
    assertRefused(
        verify(named, Tokens.signed(Tokens.header("RS256").put("kid", "b"), claims(), key)),
        "invalid_token");
    assertRefused(
        verify(named, Tokens.signed(Tokens.header("RS256").put("kid", 7), claims(), key)),
        "invalid_token");
  }

  @Test
  void aKidDoesNotLeadToAnotherKey() {
    var both =
        lenient(
            Tokens.jwksFile(
                folder,
                Tokens.jwk(Tokens.RSA.getPublic()).put("kid", "a"),
                Tokens.jwk(OTHER_RSA.getPublic()).put("kid", "b")));
    var header = Tokens.header("RS256").put("kid", "a");

    assertThat(verify(both, Tokens.signed(header, claims(), Tokens.RSA.getPrivate())))
        .isInstanceOf(Granted.class);
    assertRefused(
        verify(both, Tokens.signed(header, claims(), OTHER_RSA.getPrivate())), "invalid_token");
  }

  @Test
  void keysOfDifferentSizesAndOfTheSameNameAllCount() {
    var larger = Tokens.rsa(2560);
    var third = Tokens.ec("secp256r1");
    var keys =
        lenient(
            Tokens.pemFile(folder, larger.getPublic(), Tokens.RSA.getPublic()),
            Tokens.jwksFile(
                folder,
                Tokens.jwk(Tokens.EC.getPublic()).put("kid", "same"),
                Tokens.jwk(third.getPublic()).put("kid", "same")));

    for (var pair : List.of(larger, Tokens.RSA)) {
      assertThat(verify(keys, Tokens.signed(Tokens.header("RS256"), claims(), pair.getPrivate())))
          .isInstanceOf(Granted.class);
    }
    for (var pair : List.of(Tokens.EC, third)) {
      var header = Tokens.header("ES256").put("kid", "same");
      assertThat(verify(keys, Tokens.signed(header, claims(), pair.getPrivate())))
          .isInstanceOf(Granted.class);
    }
  }

  @Test
  void anExtensionThatMustBeUnderstoodIsRefused() {
    var header = Tokens.header("RS256").put("crit", new JsonArray().add("b64")).put("b64", true);

    assertRefused(
        verify(verifier, Tokens.signed(header, claims(), Tokens.RSA.getPrivate())),
        "invalid_token");
  }

  @Test
  void aKeyInsideTheTokenCountsForNothing() {
    var header = Tokens.header("RS256").put("jwk", Tokens.jwk(OTHER_RSA.getPublic()));

    assertRefused(
        verify(verifier, Tokens.signed(header, claims(), OTHER_RSA.getPrivate())), "invalid_token");
  }

  @Test
  void anEcSignatureInAsn1IsRefused() {
    var content = Tokens.unsigned(Tokens.header("ES256"), claims());
    var asn1 = Tokens.signature(content, Tokens.EC.getPrivate(), "SHA256withECDSA");

    assertRefused(verify(verifier, content + "." + Tokens.base64(asn1)), "invalid_token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "EdDSA"})
  void aSignatureOfZerosIsRefused(String algorithm) {
    var content = Tokens.unsigned(Tokens.header(algorithm), claims());

    assertRefused(verify(verifier, content + "." + Tokens.base64(new byte[64])), "invalid_token");
  }

  @Test
  void aTokenOverEightKilobytesIsInvalid() {
    var small = Tokens.signed("EdDSA", claims().put("note", "x".repeat(5000)));
    var large = Tokens.signed("EdDSA", claims().put("note", "x".repeat(6500)));

    assertThat(small.length()).isLessThan(8192);
    assertThat(verify(verifier, small)).isInstanceOf(Granted.class);
    assertThat(large.length()).isGreaterThan(8192);
    assertRefused(verify(verifier, large), "invalid_token");
  }

  @Test
  void everyInvalidTokenIsAnsweredInTheSameWords() {
    var garbage = verify(verifier, "garbage");
    var otherIssuer = Tokens.signed("RS256", claims().put("iss", "x"));
    var otherKey = Tokens.signed(Tokens.header("RS256"), claims(), OTHER_RSA.getPrivate());

    assertThat(verify(verifier, otherIssuer)).isEqualTo(garbage);
    assertThat(verify(verifier, otherKey)).isEqualTo(garbage);
  }
}
