package io.streamer.gateway.auth;

import io.streamer.shared.settings.SettingsException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a token holds: its form and algorithm first, then its signature, then its claims.
 *
 * <p>A verifier of its own for every key: one that is given several stops at the first key that
 * cannot even read a signature (an RSA key of another size), and silently keeps one of two keys of
 * the same name.
 */
public final class TokenVerifier {
  private static final int MOST_CHARS = 8 * 1024;

  /** RFC 7515's compact form, without the leniency of splitting and decoding. */
  private static final Pattern COMPACT =
      Pattern.compile("([A-Za-z0-9_-]++)\\.([A-Za-z0-9_-]++)\\.([A-Za-z0-9_-]++)");

  private record Header(Algorithm algorithm, Optional<String> kid) {}

  private record KeyVerifier(Keys.Key key, JWTAuth signatures) {}

  private final Set<Algorithm> allowed;
  private final List<KeyVerifier> verifiers;
  private final InstantSource clock;

  /**
   * Reads the key files, blocking.
   *
   * @param clock what {@code exp}, {@code nbf} and {@code iat} are compared with
   * @throws SettingsException if a key file is unusable, or no key serves an allowed algorithm
   */
  public TokenVerifier(Vertx vertx, AuthSettings settings, InstantSource clock) {
    this.clock = clock;
    this.allowed =
        settings.algorithms().stream()
            .flatMap(name -> Algorithm.named(name).stream())
            .collect(Collectors.toUnmodifiableSet());
    this.verifiers =
        Keys.load(settings.keys()).all().stream()
            .filter(key -> allowed.contains(key.algorithm()))
            .map(key -> new KeyVerifier(key, signatures(vertx, settings, key)))
            .toList();
    if (verifiers.isEmpty()) {
      throw new SettingsException(
          "no key of " + AuthSettings.KEYS + " serves one of the algorithms " + allowed);
    }
  }

  private static JWTAuth signatures(Vertx vertx, AuthSettings settings, Keys.Key key) {
    // our own clock judges the times
    var rules = new JWTOptions().setIgnoreExpiration(true);
    settings.issuer().ifPresent(rules::setIssuer);
    settings.audience().ifPresent(rules::addAudience);
    return JWTAuth.create(
        vertx,
        new JWTAuthOptions()
            .setJWTOptions(rules)
            .addPubSecKey(
                new PubSecKeyOptions().setAlgorithm(key.algorithm().name()).setBuffer(key.pem())));
  }

  /**
   * Judges a token; the future never fails. Some hundred microseconds of arithmetic, no waiting.
   *
   * @param token the JWT itself, without {@code Bearer}; null or empty if there was none
   */
  public Future<Verified> verify(@Nullable String token) {
    if (token == null || token.isEmpty()) {
      return Future.succeededFuture(Refusals.missing());
    }
    var header = header(token);
    if (header.isEmpty()) {
      return Future.succeededFuture(Refusals.invalid("its form or header is refused"));
    }
    var candidates =
        verifiers.stream()
            .filter(verifier -> verifier.key().serves(header.get().algorithm(), header.get().kid()))
            .toList();
    return firstThatVerifies(candidates, token)
        .map(user -> Claims.check(user.attributes().getJsonObject("accessToken"), clock.instant()))
        .otherwise(_ -> Refusals.invalid("no key verifies it, or iss or aud is another"));
  }

  private Optional<Header> header(String token) {
    if (token.length() > MOST_CHARS) {
      return Optional.empty();
    }
    var parts = COMPACT.matcher(token);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      var json = decode(parts.group(1));
      if (!(json.getValue("alg") instanceof String name)) {
        return Optional.empty();
      }
      var algorithm = Algorithm.named(name).filter(allowed::contains);
      var signature = Base64.getUrlDecoder().decode(parts.group(3));
      var kid = json.getValue("kid");
      // extensions that must be understood are not: RFC 7515, 4.1.11
      if (json.containsKey("crit")
          || (kid != null && !(kid instanceof String))
          || algorithm.isEmpty()
          || !fits(algorithm.get(), signature.length)) {
        return Optional.empty();
      }
      return Optional.of(new Header(algorithm.get(), Optional.ofNullable((String) kid)));
    } catch (IllegalArgumentException | DecodeException _) {
      return Optional.empty();
    }
  }

  /** The library would also take an ECDSA signature in ASN.1, and fill up a short one. */
  private static boolean fits(Algorithm algorithm, int bytes) {
    return algorithm.signatureBytes.isEmpty() || algorithm.signatureBytes.getAsInt() == bytes;
  }

  private static JsonObject decode(String part) {
    return new JsonObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
  }

  private static Future<User> firstThatVerifies(List<KeyVerifier> candidates, String token) {
    var credentials = new TokenCredentials(token);
    Future<User> outcome = Future.failedFuture("no key serves this algorithm and kid");
    for (var candidate : candidates) {
      // what the library throws at claims of an unexpected type becomes a failure in here
      outcome = outcome.recover(_ -> candidate.signatures().authenticate(credentials));
    }
    return outcome;
  }
}
