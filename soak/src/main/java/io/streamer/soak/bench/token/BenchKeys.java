package io.streamer.soak.bench.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.local.token.DevKey;
import io.streamer.local.token.TokenClaims;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A key for each kind of signature that is measured: the dev key signs ES256, and an RSA key of
 * 2,048 bits, made anew, RS256. Safe for all threads.
 */
public final class BenchKeys {
  /** Of all tokens. */
  public static final String USER = "bench";

  private static final Base64.Encoder BASE64_URL = Base64.getUrlEncoder().withoutPadding();
  private static final String KID = "bench-rsa";
  private static final int BITS = 2_048;
  private static final Duration TOKEN = Duration.ofHours(4);

  private final DevKey es256;
  private final KeyPair rs256;

  private BenchKeys(DevKey es256, KeyPair rs256) {
    this.es256 = es256;
    this.rs256 = rs256;
  }

  /** Them, with the dev key of a repository. */
  public static BenchKeys at(Path home) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      return new BenchKeys(DevKey.at(home), generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK makes RSA keys", e);
    }
  }

  /** A tenant's token by the dev key. */
  public String es256(String user) {
    return es256.sign(claims(user));
  }

  /** A tenant's token by the RSA key. */
  public String rs256(String user) {
    var header = new JsonObject().put("alg", "RS256").put("typ", "JWT").put("kid", KID);
    var text =
        base64(header.encode().getBytes(UTF_8))
            + "."
            + base64(new JsonObject(claims(user)).encode().getBytes(UTF_8));
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(rs256.getPrivate());
      signature.update(text.getBytes(UTF_8));
      return text + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK signs RS256", e);
    }
  }

  private static Map<String, Object> claims(String tenant) {
    return TokenClaims.of(USER, tenant, List.of(), TOKEN, Instant.now()).all();
  }

  /** The public keys as a JWK set. */
  public String jwks() {
    var set = new JsonObject(es256.jwks());
    var open = (RSAPublicKey) rs256.getPublic();
    set.getJsonArray("keys")
        .add(
            new JsonObject()
                .put("kty", "RSA")
                .put("kid", KID)
                .put("alg", "RS256")
                .put("use", "sig")
                .put("n", base64(magnitude(open.getModulus())))
                .put("e", base64(magnitude(open.getPublicExponent()))));
    return set.encode();
  }

  /** Without the byte of its sign. */
  private static byte[] magnitude(BigInteger number) {
    var bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  private static String base64(byte[] bytes) {
    return BASE64_URL.encodeToString(bytes);
  }
}
