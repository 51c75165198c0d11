package io.streamer.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.auth.IssuerSettings.Source;
import io.streamer.gateway.auth.Verified.Granted;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which signatures hold: those that vertx-auth-jwt, given that one key, takes as well. */
class SignatureKeyTest {
  private static final Instant NOW = Instant.parse("2031-05-06T07:08:09Z");
  private static final Random RANDOM = new Random(20_310_506);
  private static final int CHANGES = 500;

  private static final IssuerSettings ISSUER =
      new IssuerSettings(
          Optional.empty(),
          new Source.Given(List.of(), "nowhere"),
          Set.of(),
          Set.of(Algorithm.values()),
          "tenant_id");

  private static SignatureKey key(Algorithm algorithm, PublicKey key) {
    return SignatureKey.of(new PublicKeys.Key(algorithm, key, Optional.empty()));
  }

  private static JWTAuth library(Vertx vertx, Algorithm algorithm, PublicKey key) {
    return JWTAuth.create(
        vertx,
        new JWTAuthOptions()
            .setJWTOptions(new JWTOptions().setIgnoreExpiration(true))
            .addPubSecKey(
                new PubSecKeyOptions()
                    .setAlgorithm(algorithm.name())
                    .setBuffer(Tokens.pem("PUBLIC KEY", key))));
  }

  /** Whether the library believes it; what it cannot read it may also throw at. */
  private static boolean believes(JWTAuth library, String token) {
    try {
      return library.authenticate(new TokenCredentials(token)).succeeded();
    } catch (RuntimeException _) {
      return false;
    }
  }

  private static boolean granted(Optional<CompactToken> token, boolean believed) {
    return believed
        && token
            .map(it -> Claims.check(it.claims(), ISSUER, NOW))
            .filter(Granted.class::isInstance)
            .isPresent();
  }

  /** An ES256 signature that looks like ASN.1 to the library is one in 65,536. */
  private static String signed(Algorithm algorithm, JsonObject claims, KeyPair pair) {
    var header = Tokens.header(algorithm.name());
    var token = Tokens.signed(header, claims, pair.getPrivate());
    while (algorithm == Algorithm.ES256 && token.charAt(token.lastIndexOf('.') + 1) == 'M') {
      token = Tokens.signed(header, claims, pair.getPrivate());
    }
    return token;
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void theLibraryHasTheSameVerdict(Algorithm algorithm) {
    var pair = Tokens.keyPair(algorithm.name());
    var ours = List.of(key(algorithm, pair.getPublic()));
    var tokens = tokens(algorithm, pair);
    var vertx = Vertx.vertx();
    try {
      var library = library(vertx, algorithm, pair.getPublic());
      var verdicts = new ArrayList<Boolean>();
      for (var text : tokens) {
        var token = CompactToken.parse(text);
        boolean holds =
            granted(token, token.filter(it -> SignatureKey.anyVerifies(ours, it)).isPresent());
        assertThat(holds)
            .as("%s", text)
            .isEqualTo(token.isPresent() && granted(token, believes(library, text)));
        verdicts.add(holds);
      }
      assertThat(verdicts.stream().filter(holds -> holds).count())
          .as("that hold, of %d", verdicts.size())
          .isBetween(20L, verdicts.size() / 2L);
    } finally {
      vertx.close().await();
    }
  }

  private static List<String> tokens(Algorithm algorithm, KeyPair pair) {
    var tokens = new ArrayList<String>();
    for (int i = 0; i < 20; i++) {
      tokens.add(signed(algorithm, claims().put("note", "x".repeat(RANDOM.nextInt(2_000))), pair));
    }
    for (var odd : oddClaims()) {
      tokens.add(signed(algorithm, odd, pair));
    }
    var token = tokens.getFirst();
    for (int i = 0; i < CHANGES; i++) {
      tokens.add(changed(token, i % 3));
      tokens.add(token.substring(0, token.length() - 1 - i % 350));
    }
    for (var claimed : Stream.of("RS256", "ES256", "EdDSA", "HS256", "none", "RS512").toList()) {
      for (var other : List.of(Tokens.RSA, Tokens.EC, Tokens.ED, Tokens.rsa(3072))) {
        tokens.add(Tokens.signed(Tokens.header(claimed), claims(), other.getPrivate()));
      }
      var secret = Tokens.pem("PUBLIC KEY", pair.getPublic()).getBytes(UTF_8);
      tokens.add(Tokens.hmac(Tokens.header(claimed), claims(), secret));
      tokens.add(Tokens.unsigned(Tokens.header(claimed), claims()) + ".");
    }
    return tokens;
  }

  private static JsonObject claims() {
    return Tokens.claims(NOW);
  }

  private static List<JsonObject> oddClaims() {
    var odd = new ArrayList<JsonObject>();
    for (var name : List.of("exp", "iat", "nbf", "sub", "tenant_id", "permissions", "amr")) {
      odd.add(claims().putNull(name));
      odd.add(claims().put(name, true));
      odd.add(claims().put(name, "text"));
      odd.add(claims().put(name, 1_936_000_000.5));
      odd.add(claims().put(name, new JsonArray().add("one")));
      odd.add(claims().put(name, new JsonObject().put("a", 1)));
    }
    for (var name : List.of("access_token", "accessToken", "scope", "groups", "rootClaim", "jti")) {
      odd.add(claims().put(name, "text"));
      odd.add(claims().put(name, 7));
    }
    return odd;
  }

  /** One bit of one part is another. */
  private static String changed(String token, int part) {
    var parts = token.split("\\.", -1);
    var bytes = Base64.getUrlDecoder().decode(parts[part]);
    bytes[RANDOM.nextInt(bytes.length)] ^= (byte) (1 << RANDOM.nextInt(8));
    parts[part] = Tokens.base64(bytes);
    return String.join(".", parts);
  }

  /** What one token was refused for must not stick to the next. */
  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void verdictsOfManyThreadsDoNotMix(Algorithm algorithm) throws Exception {
    var pair = Tokens.keyPair(algorithm.name());
    var keys = List.of(key(algorithm, pair.getPublic()));
    var good = parsed(signed(algorithm, claims(), pair));
    var bad = parsed(changed(good.text(), 2));
    // an RSA signature of another size is thrown at
    var odd = parsed(good.text().substring(0, good.text().length() - 4));
    try (var threads = Executors.newFixedThreadPool(4)) {
      var asked = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < 100; i++) {
        asked.add(() ->
            SignatureKey.anyVerifies(keys, good)
                && !SignatureKey.anyVerifies(keys, bad)
                && !SignatureKey.anyVerifies(keys, odd)
                && SignatureKey.anyVerifies(keys, good));
      }
      for (var right : threads.invokeAll(asked)) {
        assertThat(right.get()).isTrue();
      }
    }
  }

  /** Also one whose signature has no size that its algorithm allows. */
  private static CompactToken parsed(String text) {
    var parts = text.split("\\.", -1);
    var header = new JsonObject(new String(Base64.getUrlDecoder().decode(parts[0]), UTF_8));
    return new CompactToken(
        text,
        Algorithm.named(header.getString("alg")).orElseThrow(),
        Optional.empty(),
        new JsonObject());
  }

  /** RFC 8017: a signature has as many bytes as its key's modulus. */
  @Test
  void anRsaSignatureThatLacksAZeroAtItsEndIsRefused() {
    var keys = List.of(key(Algorithm.RS256, Tokens.RSA.getPublic()));
    for (int i = 0; ; i++) {
      var token = signed(Algorithm.RS256, claims().put("jti", i), Tokens.RSA);
      int dot = token.lastIndexOf('.');
      var signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
      if (signature[signature.length - 1] == 0) {
        var shorter = Tokens.base64(Arrays.copyOf(signature, signature.length - 1));
        assertThat(SignatureKey.anyVerifies(keys, parsed(token))).isTrue();
        assertThat(SignatureKey.anyVerifies(keys, parsed(token.substring(0, dot + 1) + shorter)))
            .isFalse();
        return;
      }
    }
  }
}
