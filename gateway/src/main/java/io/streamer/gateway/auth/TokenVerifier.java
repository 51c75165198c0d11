package io.streamer.gateway.auth;

import io.streamer.gateway.auth.IssuerSettings.Source;
import io.streamer.gateway.auth.Verified.Granted;
import io.streamer.shared.settings.SettingsException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Decides whether a token holds: its form first, then its issuer, its signature, its claims. */
public final class TokenVerifier implements AutoCloseable {
  /** A token may meet a fetch that began before its key was published, and deserves another. */
  private static final int MOST_LOOKS = 2;

  private final List<Issuer> issuers;
  private final InstantSource clock;
  private final JwksClient client;
  private final VerifiedTokens held;

  /**
   * Reads the key files, blocking.
   *
   * @param clock what {@code exp}, {@code nbf} and {@code iat} are compared with
   * @throws SettingsException if a key file is unusable, or no key serves an allowed algorithm
   */
  public TokenVerifier(Vertx vertx, AuthSettings settings, InstantSource clock) {
    this(vertx, settings, clock, RefreshTimers.of(vertx), JwksClient.PATIENCE);
  }

  TokenVerifier(
      Vertx vertx,
      AuthSettings settings,
      InstantSource clock,
      RefreshTimers timers,
      Duration fetchPatience) {
    this.clock = clock;
    this.client = new JwksClient(vertx, fetchPatience);
    this.held = new VerifiedTokens(clock);
    this.issuers =
        settings.issuers().stream()
            .map(issuer ->
                switch (issuer.keys()) {
                  case Source.Given given -> new Issuer(issuer, fixed(vertx, issuer, given));
                  case Source.Web(var url, var overlap) ->
                      new Issuer(
                          issuer,
                          new RemoteKeys(
                              vertx, issuer, overlap, () -> client.fetch(url), clock, timers));
                })
            .toList();
  }

  private static KeyRing fixed(Vertx vertx, IssuerSettings issuer, Source.Given given) {
    var keys =
        PublicKeys.load(given).stream()
            .filter(key -> issuer.algorithms().contains(key.algorithm()))
            .map(key -> SignatureKey.of(vertx, key))
            .toList();
    if (keys.isEmpty()) {
      throw new SettingsException(
          "no key of " + given.named() + " serves one of the algorithms " + issuer.algorithms());
    }
    return new KeyRing.Fixed(keys);
  }

  /**
   * Fetches what is to be fetched, and keeps it fresh until this is closed.
   *
   * @return done when every issuer was asked once; what an issuer answered, {@link #readiness} says
   */
  public Future<Void> start() {
    return Future.all(remotes().values().stream().map(RemoteKeys::refresh).toList()).mapEmpty();
  }

  /** For each issuer whose keys are fetched, whether there are keys that count. */
  public Map<String, BooleanSupplier> readiness() {
    var checks = new LinkedHashMap<String, BooleanSupplier>();
    remotes().forEach((name, ring) -> checks.put(name, () -> !ring.keys().isEmpty()));
    return checks;
  }

  private Map<String, RemoteKeys> remotes() {
    var remotes = new LinkedHashMap<String, RemoteKeys>();
    for (var issuer : issuers) {
      if (issuer.ring() instanceof RemoteKeys ring) {
        remotes.put(issuer.settings().name(), ring);
      }
    }
    return remotes;
  }

  /**
   * Judges a token; the future never fails, and completes on the caller's context. Some ten (RS256)
   * to some hundred (ES256, EdDSA) microseconds of arithmetic; only a token that no known key of
   * its issuer fits may wait, up to two seconds, for the issuer's newest keys.
   *
   * @param token the JWT itself, without {@code Bearer}; null or empty if there was none
   */
  public Future<Verified> verify(@Nullable String token) {
    if (token == null || token.isEmpty()) {
      return Future.succeededFuture(Refusals.missing());
    }
    var known = held.find(token);
    if (known.isPresent()) {
      return Future.succeededFuture(known.get());
    }
    var parsed = CompactToken.parse(token);
    if (parsed.isEmpty()) {
      return Future.succeededFuture(Refusals.invalid("its form or header is refused"));
    }
    var issuer = issuer(parsed.get());
    if (issuer.isEmpty()) {
      return Future.succeededFuture(
          Refusals.invalid("its issuer, or its algorithm for this issuer, is not listed"));
    }
    return judge(parsed.get(), issuer.get(), MOST_LOOKS);
  }

  /** By what the token says of itself: a lie leads to keys that do not verify it. */
  private Optional<Issuer> issuer(CompactToken token) {
    var named = token.claims().getValue("iss");
    return issuers.stream()
        .filter(it -> it.settings().issuer().map(name -> name.equals(named)).orElse(true))
        .filter(it -> it.settings().algorithms().contains(token.algorithm()))
        .findFirst();
  }

  private Future<Verified> judge(CompactToken token, Issuer issuer, int looks) {
    var keys = issuer.ring().keys();
    boolean holds = SignatureKey.anyVerifies(keys, token);
    var verdict = Claims.check(token.claims(), issuer.settings(), clock.instant());
    if (holds) {
      if (verdict instanceof Granted granted) {
        held.keep(token.text(), issuer, keys, granted);
      }
      return Future.succeededFuture(verdict);
    }
    // nobody waits, and nothing is fetched, for a token that would be refused anyway
    if (looks == 0 || !(verdict instanceof Granted) || issuer.knows(token)) {
      return Future.succeededFuture(Refusals.invalid("no key verifies it"));
    }
    return issuer
        .ring()
        .lookAgain(keys)
        .map(look -> look.compose(found -> found ? judge(token, issuer, looks - 1) : unknown()))
        .orElseGet(TokenVerifier::unknown);
  }

  private static Future<Verified> unknown() {
    return Future.succeededFuture(Refusals.invalid("its key is unknown"));
  }

  /** Stops fetching. */
  @Override
  public void close() {
    remotes().values().forEach(RemoteKeys::close);
    client.close();
  }
}
