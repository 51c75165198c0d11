package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.local.token.DevKey;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Tokens that the stage accepts. */
final class Tokens {
  private static final DevKey KEY = DevKey.at(LocalStage.home());

  private Tokens() {}

  /** A user nobody else uses, of a tenant of its own. */
  static String fresh(String... permissions) {
    var name = UUID.randomUUID().toString();
    return of("user-" + name, "tenant-" + name, permissions);
  }

  static String of(String user, String tenant, String... permissions) {
    var claims = claims();
    claims.put("sub", user);
    claims.put("tenant_id", tenant);
    claims.put("permissions", List.of(permissions));
    return KEY.sign(claims);
  }

  /** The claims of a good token, to be spoilt. */
  static Map<String, Object> claims() {
    long now = Instant.now().getEpochSecond();
    var claims = new HashMap<String, Object>();
    claims.put("sub", "ann");
    claims.put("tenant_id", "acme");
    claims.put("iss", DevKey.ISSUER);
    claims.put("aud", DevKey.AUDIENCE);
    claims.put("iat", now);
    claims.put("exp", now + 3_600);
    return claims;
  }

  static String signed(Map<String, Object> claims) {
    return KEY.sign(claims);
  }

  /** The public key, as it may be known to anybody. */
  static String publicPem() {
    return KEY.publicPem();
  }

  /** The three parts of a good token. */
  static String[] parts() {
    return KEY.sign(claims()).split("\\.", -1);
  }

  static String encode(JsonObject json) {
    return encode(json.encode().getBytes(UTF_8));
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
