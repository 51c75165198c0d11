package io.streamer.gateway.auth;

import io.streamer.gateway.auth.Verified.Granted;
import io.streamer.handler.Caller;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a token whose signature holds must say, and when it counts. */
final class Claims {
  /** How far the clocks of issuer and gateway may be apart. */
  private static final long LEEWAY_MS = 60_000;

  private static final int MOST_CHARS = 128;
  private static final int MOST_PERMISSIONS = 64;

  /** The end of the year 9999: a later time is a mistake of units. */
  private static final double LATEST_SECONDS = 253_402_300_799.0;

  private Claims() {}

  /** Whether a token of this issuer holds, if its signature does. */
  static Verified check(JsonObject claims, IssuerSettings issuer, Instant now) {
    if (!isFrom(claims, issuer) || !isFor(claims, issuer.audience())) {
      return Refusals.invalid("iss or aud is another");
    }
    var user = name(claims.getValue("sub"));
    var tenant = name(claims.getValue(issuer.tenantClaim()));
    var permissions = permissions(claims.getValue("permissions"));
    var expiry = millis(claims.getValue("exp"));
    if (user.isEmpty()) {
      return Refusals.invalid("sub is missing or no text of 1 to 128 characters");
    }
    if (tenant.isEmpty()) {
      return Refusals.invalid(
          issuer.tenantClaim() + " is missing or no text of 1 to 128 characters");
    }
    if (permissions.isEmpty()) {
      return Refusals.invalid("permissions is no list of up to 64 texts of 1 to 128 characters");
    }
    if (expiry.isEmpty()) {
      return Refusals.invalid("exp is missing or no time");
    }
    if (!hasBegun(claims, "nbf", now) || !hasBegun(claims, "iat", now)) {
      return Refusals.invalid("nbf or iat is no time or lies in the future");
    }
    long until = expiry.getAsLong() + LEEWAY_MS;
    if (now.toEpochMilli() >= until) {
      return Refusals.expired();
    }
    return new Granted(new Caller(tenant.get(), user.get(), permissions.get()), until);
  }

  private static boolean isFrom(JsonObject claims, IssuerSettings issuer) {
    return issuer.issuer().isEmpty() || issuer.issuer().get().equals(claims.getValue("iss"));
  }

  private static boolean isFor(JsonObject claims, Set<String> audience) {
    return audience.isEmpty()
        || switch (claims.getValue("aud")) {
          case String one -> audience.contains(one);
          case JsonArray several -> audience.stream().anyMatch(several::contains);
          case null, default -> false;
        };
  }

  private static boolean hasBegun(JsonObject claims, String claim, Instant now) {
    if (!claims.containsKey(claim)) {
      return true;
    }
    var start = millis(claims.getValue(claim));
    return start.isPresent() && now.toEpochMilli() >= start.getAsLong() - LEEWAY_MS;
  }

  /** A NumericDate of RFC 7519: unix seconds, perhaps with a fraction. */
  private static OptionalLong millis(@Nullable Object value) {
    return value instanceof Number number
            && number.doubleValue() >= 0
            && number.doubleValue() <= LATEST_SECONDS
        ? OptionalLong.of((long) (number.doubleValue() * 1000))
        : OptionalLong.empty();
  }

  private static Optional<Set<String>> permissions(@Nullable Object value) {
    if (value == null) {
      return Optional.of(Set.of());
    }
    if (!(value instanceof JsonArray listed) || listed.size() > MOST_PERMISSIONS) {
      return Optional.empty();
    }
    var permissions = new HashSet<String>();
    for (var entry : listed) {
      var permission = name(entry);
      if (permission.isEmpty()) {
        return Optional.empty();
      }
      permissions.add(permission.get());
    }
    return Optional.of(permissions);
  }

  /** A text that keeps its identity in keys and log lines. */
  private static Optional<String> name(@Nullable Object value) {
    return value instanceof String text
            && !text.isBlank()
            && text.length() <= MOST_CHARS
            && text.codePoints().allMatch(Claims::isStorable)
        ? Optional.of(text)
        : Optional.empty();
  }

  /** A lone surrogate turns into a question mark in UTF-8: two users would share one key. */
  private static boolean isStorable(int codePoint) {
    return !Character.isISOControl(codePoint)
        && Character.getType(codePoint) != Character.SURROGATE;
  }
}
