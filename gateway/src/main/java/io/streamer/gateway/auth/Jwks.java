package io.streamer.gateway.auth;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A JSON Web Key Set (RFC 7517, RFC 8037), or one key of it. */
final class Jwks {
  /** What stands before the 32 bytes of an Ed25519 key in its X.509 encoding (RFC 8410). */
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private Jwks() {}

  /**
   * The keys of the set that verify RS256, ES256 or EdDSA; as RFC 7517 asks, others are passed
   * over.
   *
   * @throws IllegalArgumentException if the text is no key set, or a key lacks a member
   */
  static List<PublicKeys.Key> read(String text) throws GeneralSecurityException {
    var keys = new ArrayList<PublicKeys.Key>();
    for (var entry : entries(text)) {
      key(entry).ifPresent(keys::add);
    }
    return keys;
  }

  /**
   * The same for a set that may change at any time: one bad key does not spoil the others.
   *
   * @param passedOver takes a line for each key that cannot be used
   * @throws IllegalArgumentException if the text is no key set, or one of more than 64 keys
   */
  static List<PublicKeys.Key> readUsable(String text, Consumer<String> passedOver) {
    var entries = entries(text);
    if (entries.size() > PublicKeys.MOST_KEYS) {
      throw new IllegalArgumentException("it has more than " + PublicKeys.MOST_KEYS + " keys");
    }
    var keys = new ArrayList<PublicKeys.Key>();
    for (int i = 0; i < entries.size(); i++) {
      try {
        var key = key(entries.getValue(i));
        var weakness = key.flatMap(PublicKeys::weakness);
        if (key.isEmpty() || weakness.isPresent()) {
          passedOver.accept(
              "/keys/" + i + ": " + weakness.orElse("not for RS256, ES256 or EdDSA signatures"));
        } else {
          keys.add(key.get());
        }
      } catch (GeneralSecurityException | IllegalArgumentException malformed) {
        passedOver.accept("/keys/" + i + ": " + malformed.getMessage());
      }
    }
    return keys;
  }

  private static Optional<PublicKeys.Key> key(@Nullable Object entry)
      throws GeneralSecurityException {
    if (!(entry instanceof JsonObject jwk)) {
      throw new IllegalArgumentException("an entry of \"keys\" is no object");
    }
    var algorithm = algorithm(jwk);
    if (algorithm.isEmpty() || !isForSignatures(jwk, algorithm.get())) {
      return Optional.empty();
    }
    var kid = text(jwk, "kid").filter(name -> !name.isEmpty());
    return Optional.of(new PublicKeys.Key(algorithm.get(), publicKey(jwk, algorithm.get()), kid));
  }

  private static JsonArray entries(String text) {
    try {
      var set = new JsonObject(text);
      if (set.getValue("keys") instanceof JsonArray keys) {
        return keys;
      }
      if (set.containsKey("kty")) {
        return new JsonArray().add(set);
      }
    } catch (DecodeException | ClassCastException _) {
      throw new IllegalArgumentException("it is not JSON");
    }
    throw new IllegalArgumentException("it has no array \"keys\"");
  }

  private static Optional<Algorithm> algorithm(JsonObject jwk) {
    return switch (text(jwk, "kty").orElse("")) {
      case "RSA" -> Optional.of(Algorithm.RS256);
      case "EC" -> text(jwk, "crv").filter("P-256"::equals).map(_ -> Algorithm.ES256);
      case "OKP" -> text(jwk, "crv").filter("Ed25519"::equals).map(_ -> Algorithm.EdDSA);
      default -> Optional.empty();
    };
  }

  private static boolean isForSignatures(JsonObject jwk, Algorithm algorithm) {
    var operations = jwk.getValue("key_ops");
    return text(jwk, "use").orElse("sig").equals("sig")
        && text(jwk, "alg").orElse(algorithm.name()).equals(algorithm.name())
        && (!(operations instanceof JsonArray listed) || listed.contains("verify"));
  }

  private static PublicKey publicKey(JsonObject jwk, Algorithm algorithm)
      throws GeneralSecurityException {
    var factory = KeyFactory.getInstance(algorithm.factory);
    return switch (algorithm) {
      case RS256 ->
          factory.generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
      case ES256 ->
          factory.generatePublic(
              new ECPublicKeySpec(
                  new ECPoint(number(jwk, "x"), number(jwk, "y")), PublicKeys.p256()));
      case EdDSA -> factory.generatePublic(new X509EncodedKeySpec(ed25519(bytes(jwk, "x"))));
    };
  }

  private static byte[] ed25519(byte[] point) {
    if (point.length != 32) {
      throw new IllegalArgumentException("the member \"x\" of an Ed25519 key has not 32 bytes");
    }
    var encoded = new byte[ED25519_PREFIX.length + point.length];
    System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
    System.arraycopy(point, 0, encoded, ED25519_PREFIX.length, point.length);
    return encoded;
  }

  private static BigInteger number(JsonObject jwk, String member) {
    return new BigInteger(1, bytes(jwk, member));
  }

  private static byte[] bytes(JsonObject jwk, String member) {
    var encoded =
        text(jwk, member)
            .orElseThrow(
                () -> new IllegalArgumentException("a key has no member \"" + member + "\""));
    return Base64.getUrlDecoder().decode(encoded);
  }

  private static Optional<String> text(JsonObject jwk, String member) {
    return jwk.getValue(member) instanceof String text ? Optional.of(text) : Optional.empty();
  }
}
