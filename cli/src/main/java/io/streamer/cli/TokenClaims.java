package io.streamer.cli;

import io.streamer.local.DevKey;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What a dev token says. */
record TokenClaims(Map<String, Object> all) {

  static TokenClaims of(
      String user, String tenant, List<String> permissions, Duration ttl, Instant now) {
    SequencedMap<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", DevKey.ISSUER);
    claims.put("aud", DevKey.AUDIENCE);
    claims.put("sub", user);
    claims.put("tenant_id", tenant);
    if (!permissions.isEmpty()) {
      claims.put("permissions", List.copyOf(permissions));
    }
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(ttl).getEpochSecond());
    return new TokenClaims(claims);
  }

  /** These claims with others over them; null takes one away. */
  TokenClaims merge(JsonObject others) {
    var merged = new LinkedHashMap<>(all);
    for (var name : others.fieldNames()) {
      var value = others.getValue(name);
      if (value == null) {
        merged.remove(name);
      } else {
        merged.put(name, value);
      }
    }
    return new TokenClaims(merged);
  }
}
