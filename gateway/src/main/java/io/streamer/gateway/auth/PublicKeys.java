package io.streamer.gateway.auth;

import io.streamer.shared.settings.Document;
import io.streamer.shared.settings.SettingsException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The public keys of documents, that tokens are verified with; never none. */
final class PublicKeys {
  static final int MOST_KEYS = 64;
  private static final int LEAST_RSA_BITS = 2048;

  /**
   * A public key.
   *
   * @param kid its name in the headers of tokens; a key without one is tried for every token
   */
  record Key(Algorithm algorithm, PublicKey key, Optional<String> kid) {

    /** Whether a token that names this key, or none, may be verified with it. */
    boolean serves(Algorithm wanted, Optional<String> name) {
      return algorithm == wanted && (kid.isEmpty() || name.isEmpty() || kid.equals(name));
    }

    String pem() {
      return "-----BEGIN PUBLIC KEY-----\n"
          + Base64.getEncoder().encodeToString(key.getEncoded())
          + "\n-----END PUBLIC KEY-----\n";
    }
  }

  private final IssuerSettings.Source.Given source;

  private PublicKeys(IssuerSettings.Source.Given source) {
    this.source = source;
  }

  /**
   * Reads documents of PEM blocks {@code PUBLIC KEY} or of JWKS JSON. Blocks and members of private
   * keys are passed over.
   *
   * @throws SettingsException naming the one that is unreadable, holds no usable key or holds a
   *     weak one
   */
  static List<Key> load(IssuerSettings.Source.Given source) {
    return new PublicKeys(source).load();
  }

  private List<Key> load() {
    var keys = new ArrayList<Key>();
    for (var document : source.documents()) {
      var found = read(document);
      for (var key : found) {
        weakness(key)
            .ifPresent(weakness -> {
              throw bad(document, "holds " + weakness);
            });
      }
      keys.addAll(found);
    }
    // a verifier without keys believes unsigned tokens
    if (keys.isEmpty() || keys.size() > MOST_KEYS) {
      throw new SettingsException(source.named() + " must hold 1 to " + MOST_KEYS + " keys in all");
    }
    return List.copyOf(keys);
  }

  private List<Key> read(Document document) {
    try {
      var text = document.text();
      var keys = text.stripLeading().startsWith("{") ? Jwks.read(text) : Pem.read(text);
      if (keys.isEmpty()) {
        throw bad(
            document,
            "holds no key for RS256, ES256 or EdDSA: a PEM block PUBLIC KEY (openssl pkey -pubout"
                + " makes one) or a JWKS with keys of kty RSA, EC on P-256 or OKP on Ed25519");
      }
      return keys;
    } catch (Document.TooLargeException _) {
      throw bad(document, "is larger than 1 MiB");
    } catch (IOException _) {
      throw bad(document, "cannot be read");
    } catch (GeneralSecurityException | IllegalArgumentException malformed) {
      throw bad(document, "is malformed: " + malformed.getMessage());
    }
  }

  /** Why signatures by this key prove nothing, in words that follow "holds". */
  static Optional<String> weakness(Key key) {
    return switch (key.key()) {
      case RSAPublicKey rsa when rsa.getModulus().bitLength() < LEAST_RSA_BITS ->
          Optional.of("an RSA key of fewer than " + LEAST_RSA_BITS + " bits");
      // the JDK verifies ES256 with any curve's key
      case ECPublicKey ec when !isOnP256(ec) ->
          Optional.of("an EC key that is not a point of P-256");
      default -> Optional.empty();
    };
  }

  private static boolean isOnP256(ECPublicKey key) {
    var p256 = p256();
    return key.getParams().getCurve().equals(p256.getCurve())
        && key.getParams().getGenerator().equals(p256.getGenerator())
        && solvesEquation(key.getW(), p256);
  }

  /** y² = x³ + ax + b: the JDK's key factory takes any two numbers. */
  private static boolean solvesEquation(ECPoint point, ECParameterSpec spec) {
    if (point.equals(ECPoint.POINT_INFINITY)) {
      return false;
    }
    var curve = spec.getCurve();
    var p = ((ECFieldFp) curve.getField()).getP();
    var x = point.getAffineX();
    var y = point.getAffineY();
    if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
      return false;
    }
    var right = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB());
    return y.multiply(y).subtract(right).mod(p).equals(BigInteger.ZERO);
  }

  static ECParameterSpec p256() {
    try {
      var parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp256r1"));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("this JDK knows no P-256", impossible);
    }
  }

  private SettingsException bad(Document document, String why) {
    var name =
        switch (document) {
          case Document.InFile(var path) -> "the key file " + path + " (" + source.named() + ")";
          case Document.Inline _ -> "a document of " + source.named();
        };
    return new SettingsException(name + " " + why);
  }
}
