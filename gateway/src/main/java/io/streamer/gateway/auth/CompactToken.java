package io.streamer.gateway.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A token taken apart, nothing of it verified.
 *
 * @param text the whole of it
 * @param claims what its signature, if it holds, vouches for
 */
record CompactToken(String text, Algorithm algorithm, Optional<String> kid, JsonObject claims) {
  private static final int MOST_CHARS = 8 * 1024;

  /** Claims are named after URLs at the longest. */
  private static final int MAX_NAME = 256;

  private static final JsonFactory UNKEPT =
      JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();

  /** RFC 7515's compact form, without the leniency of splitting and decoding. */
  private static final Pattern COMPACT =
      Pattern.compile("([A-Za-z0-9_-]++)\\.([A-Za-z0-9_-]++)\\.([A-Za-z0-9_-]++)");

  /** Empty if it is no token that could be verified with any key. */
  static Optional<CompactToken> parse(String text) {
    if (text.length() > MOST_CHARS) {
      return Optional.empty();
    }
    var parts = COMPACT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      var header = decode(parts.group(1));
      if (!(header.getValue("alg") instanceof String name)) {
        return Optional.empty();
      }
      var algorithm = Algorithm.named(name);
      var kid = header.getValue("kid");
      // extensions that must be understood are not: RFC 7515, 4.1.11
      if (header.containsKey("crit")
          || (kid != null && !(kid instanceof String))
          || algorithm.isEmpty()
          || !fits(algorithm.get(), Base64.getUrlDecoder().decode(parts.group(3)).length)) {
        return Optional.empty();
      }
      return Optional.of(
          new CompactToken(
              text, algorithm.get(), Optional.ofNullable((String) kid), decode(parts.group(2))));
    } catch (IllegalArgumentException | DecodeException _) {
      return Optional.empty();
    }
  }

  int signatureBytes() {
    return (text.length() - 1 - text.lastIndexOf('.')) * 3 / 4;
  }

  /** The library would also take an ECDSA signature in ASN.1. */
  private static boolean fits(Algorithm algorithm, int bytes) {
    return algorithm.signatureBytes.isEmpty() || algorithm.signatureBytes.getAsInt() == bytes;
  }

  private static JsonObject decode(String part) {
    var text = new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    requireShortNames(text);
    return new JsonObject(text);
  }

  /** Vert.x keeps the names of what it decodes, and strangers make them up. */
  private static void requireShortNames(String text) {
    try (var json = UNKEPT.createParser(text)) {
      for (var token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.FIELD_NAME && json.currentName().length() > MAX_NAME) {
          throw new DecodeException("a name is too long");
        }
      }
    } catch (IOException e) {
      throw new DecodeException("no JSON", e);
    }
  }
}
