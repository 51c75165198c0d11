package io.streamer.gateway.auth;

import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a handshake carries its token: the first of subprotocol, header and query. */
public final class HandshakeToken {
  private static final String OFFER = "bearer.";
  private static final String SCHEME = "Bearer ";
  private static final List<String> PARAMETERS = List.of("Authorization", "token");

  private HandshakeToken() {}

  /**
   * The handshake's token as it was sent, not yet verified.
   *
   * @param headers of the upgrade request, names in any case
   * @param rawQuery what stands behind the question mark, not decoded; null if there is none
   * @return null if the handshake carries no token
   */
  public static @Nullable String find(MultiMap headers, @Nullable String rawQuery) {
    return Stream.concat(
            Stream.concat(offered(headers), inHeader(headers)),
            rawQuery == null ? Stream.empty() : inQuery(rawQuery))
        .filter(token -> !token.isEmpty())
        .findFirst()
        .orElse(null);
  }

  private static Stream<String> offered(MultiMap headers) {
    return headers.getAll("Sec-WebSocket-Protocol").stream()
        .flatMap(list -> Arrays.stream(list.split(",", -1)))
        .map(String::strip)
        .filter(offer -> offer.startsWith(OFFER))
        .map(HandshakeToken::fromOffer);
  }

  private static String fromOffer(String offer) {
    try {
      var token = Base64.getUrlDecoder().decode(offer.substring(OFFER.length()));
      return new String(token, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      // left as it is, it will be refused as invalid; another source must not stand in for it
      return offer;
    }
  }

  private static Stream<String> inHeader(MultiMap headers) {
    return headers.getAll("Authorization").stream()
        .map(String::strip)
        .filter(HandshakeToken::hasScheme)
        .map(HandshakeToken::withoutScheme);
  }

  private static Stream<String> inQuery(String rawQuery) {
    return PARAMETERS.stream()
        .map(name -> parameter(rawQuery, name))
        .filter(Objects::nonNull)
        .map(HandshakeToken::withoutScheme);
  }

  private static @Nullable String parameter(String rawQuery, String name) {
    for (var pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && decode(pair.substring(0, equals)).equals(name)) {
        return decode(pair.substring(equals + 1));
      }
    }
    return null;
  }

  /** A token has no plus sign of its own, so one can only stand for a space. */
  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return text;
    }
  }

  private static boolean hasScheme(String text) {
    return text.toLowerCase(Locale.ROOT).startsWith(SCHEME.toLowerCase(Locale.ROOT));
  }

  private static String withoutScheme(String text) {
    var stripped = text.strip();
    return hasScheme(stripped) ? stripped.substring(SCHEME.length()).strip() : stripped;
  }
}
