package io.streamer.gateway.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.auth.IssuerSettings.Source;
import io.streamer.gateway.auth.Verified.Granted;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which signatures hold: those that the JDK, given that one key, takes as well. */
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

  private static SignatureKey key(Vertx vertx, Algorithm algorithm, PublicKey key) {
    return SignatureKey.of(vertx, new PublicKeys.Key(algorithm, key, Optional.empty()));
  }

  /** Whether the JDK believes it, given what is signed and the signature. */
  private static boolean believes(Algorithm algorithm, PublicKey key, String token) {
    int dot = token.lastIndexOf('.');
    try {
      var verifier =
          Signature.getInstance(
              switch (algorithm) {
                case RS256 -> "SHA256withRSA";
                case ES256 -> "SHA256withECDSAinP1363Format";
                case EdDSA -> "Ed25519";
              });
      verifier.initVerify(key);
      verifier.update(token.substring(0, dot).getBytes(US_ASCII));
      return verifier.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1)));
    } catch (SignatureException _) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean granted(Optional<CompactToken> token, boolean believed) {
    return believed
        && token
            .map(it -> Claims.check(it.claims(), ISSUER, NOW))
            .filter(Granted.class::isInstance)
            .isPresent();
  }

  private static String signed(Algorithm algorithm, JsonObject claims, KeyPair pair) {
    return Tokens.signed(Tokens.header(algorithm.name()), claims, pair.getPrivate());
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void theJdkHasTheSameVerdict(Algorithm algorithm) {
    var pair = Tokens.keyPair(algorithm.name());
    var tokens = tokens(algorithm, pair);
    var vertx = Vertx.vertx();
    try {
      var ours = List.of(key(vertx, algorithm, pair.getPublic()));
      var verdicts = new ArrayList<Boolean>();
      for (var text : tokens) {
        var token = CompactToken.parse(text);
        boolean holds =
            granted(token, token.filter(it -> SignatureKey.anyVerifies(ours, it)).isPresent());
        assertThat(holds)
            .as("%s", text)
            .isEqualTo(
                token.filter(it -> it.algorithm() == algorithm).isPresent()
                    && granted(token, believes(algorithm, pair.getPublic(), text)));
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
    var others = List.of(Tokens.RSA, Tokens.EC, Tokens.ED, Tokens.rsa(3072));
    for (var claimed : List.of("RS256", "ES256", "EdDSA", "HS256", "none", "RS512")) {
      for (var other : others) {
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
    var vertx = Vertx.vertx();
    var keys = List.of(key(vertx, algorithm, pair.getPublic()));
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
    } finally {
      vertx.close().await();
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
    var vertx = Vertx.vertx();
    try {
      seekOneThatEndsWithZero(List.of(key(vertx, Algorithm.RS256, Tokens.RSA.getPublic())));
    } finally {
      vertx.close().await();
    }
  }

  private static void seekOneThatEndsWithZero(List<SignatureKey> keys) {
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
