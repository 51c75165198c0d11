package io.streamer.local.token;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a dev token says. */
public record TokenClaims(Map<String, Object> all) {
  /** For whom tokens are made here if nobody else is named. */
  public static final String USER = "you";

  /** The tenant of {@link #USER}. */
  public static final String TENANT = "demo";

  /** Claims that a stage accepts. */
  public static TokenClaims of(
      String user, String tenant, List<String> permissions, Duration ttl, Instant now) {
    return new TokenClaims(DevKey.claims(user, tenant, permissions, ttl, now));
  }

  /** These claims with others over them; null takes one away. */
  public TokenClaims merge(JsonObject others) {
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
