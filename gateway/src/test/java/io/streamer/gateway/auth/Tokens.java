package io.streamer.gateway.auth;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens and key files by the JDK alone, independent of the library that verifies them. */
public final class Tokens {
  public static final KeyPair RSA = rsa(2048);
  public static final KeyPair EC = ec("secp256r1");
  public static final KeyPair ED = generate("Ed25519");

  private Tokens() {}

  /** The key pair that goes with an algorithm's name. */
  public static KeyPair keyPair(String algorithm) {
    return switch (algorithm) {
      case "RS256" -> RSA;
      case "ES256" -> EC;
      case "EdDSA" -> ED;
      default -> throw new IllegalArgumentException(algorithm);
    };
  }

  /** What a token at least says, valid for five minutes. */
  public static JsonObject claims(Instant now) {
    return new JsonObject()
        .put("sub", "u1")
        .put("tenant_id", "t1")
        .put("iat", now.getEpochSecond())
        .put("exp", now.getEpochSecond() + 300);
  }

  public static String signed(String algorithm, JsonObject claims) {
    return signed(header(algorithm), claims, keyPair(algorithm).getPrivate());
  }

  public static JsonObject header(String algorithm) {
    return new JsonObject().put("typ", "JWT").put("alg", algorithm);
  }

  /** Signs in the way that fits the key, whatever the header says. */
  public static String signed(JsonObject header, JsonObject claims, PrivateKey key) {
    var content = unsigned(header, claims);
    return content + "." + base64(signature(content, key, scheme(key)));
  }

  public static String scheme(Key key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSAinP1363Format";
      default -> "Ed25519";
    };
  }

  public static byte[] signature(String content, PrivateKey key, String scheme) {
    try {
      var signature = Signature.getInstance(scheme);
      signature.initSign(key);
      signature.update(content.getBytes(StandardCharsets.US_ASCII));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** HS256 with any bytes as the secret. */
  public static String hmac(JsonObject header, JsonObject claims, byte[] secret) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      var content = unsigned(header, claims);
      return content + "." + base64(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String unsigned(JsonObject header, JsonObject claims) {
    return base64(header.encode()) + "." + base64(claims.encode());
  }

  public static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public static String pem(String kind, Key key) {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
  }

  /** A file with one PEM block for each key. */
  public static Path pemFile(Path folder, PublicKey... keys) {
    var text = new StringBuilder();
    for (var key : keys) {
      text.append(pem("PUBLIC KEY", key));
    }
    return file(folder, "pem", text.toString());
  }

  public static Path jwksFile(Path folder, JsonObject... keys) {
    var set = new JsonObject().put("keys", new JsonArray(Arrays.asList(keys)));
    return file(folder, "json", set.encodePrettily());
  }

  public static Path file(Path folder, String ending, String text) {
    try {
      return Files.writeString(Files.createTempFile(folder, "keys", "." + ending), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static JsonObject jwk(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa ->
          new JsonObject()
              .put("kty", "RSA")
              .put("n", base64(unsignedBytes(rsa.getModulus(), 256)))
              .put("e", base64(unsignedBytes(rsa.getPublicExponent(), 3)));
      case ECPublicKey ec ->
          new JsonObject()
              .put("kty", "EC")
              .put("crv", "P-256")
              .put("x", base64(unsignedBytes(ec.getW().getAffineX(), 32)))
              .put("y", base64(unsignedBytes(ec.getW().getAffineY(), 32)));
      default -> {
        var encoded = key.getEncoded();
        var point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        yield new JsonObject().put("kty", "OKP").put("crv", "Ed25519").put("x", base64(point));
      }
    };
  }

  private static byte[] unsignedBytes(BigInteger number, int length) {
    var bytes = number.toByteArray();
    var result = new byte[length];
    int count = Math.min(bytes.length, length);
    System.arraycopy(bytes, bytes.length - count, result, length - count, count);
    return result;
  }

  public static KeyPair rsa(int bits) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static KeyPair ec(String curve) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static KeyPair generate(String algorithm) {
    try {
      return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
