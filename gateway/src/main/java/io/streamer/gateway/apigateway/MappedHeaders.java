package io.streamer.gateway.apigateway;

import io.streamer.shared.push.PushSettings;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a request's mapped headers say. A client's own header of the same name counts as none. */
record MappedHeaders(MultiMap headers) {
  /** As API Gateway's ids look, and ours: what is longer or odd was made by somebody else. */
  private static final Pattern CONNECTION_ID = Pattern.compile("[A-Za-z0-9_=-]{1,128}");

  private static final Pattern MILLIS = Pattern.compile("\\d{1,15}");

  /** The value; empty if there is none, or more than one. */
  Optional<String> find(Mapping mapping) {
    return single(mapping.header());
  }

  Optional<String> connection() {
    return find(Mapping.CONNECTION).filter(id -> CONNECTION_ID.matcher(id).matches());
  }

  /** The alias of the API that calls. */
  Optional<String> endpoint() {
    return single(Mapping.API_HEADER).map(PushSettings::alias);
  }

  /** Epoch milliseconds. */
  long connectedAt(long otherwise) {
    return find(Mapping.CONNECTED_AT)
        .filter(text -> MILLIS.matcher(text).matches())
        .map(Long::parseLong)
        .orElse(otherwise);
  }

  /** A text for people, cut to a length. */
  String text(Mapping mapping, int most) {
    var text = find(mapping).orElse("");
    return text.length() > most ? text.substring(0, most) : text;
  }

  /** The handshake's headers as the client sent them, as far as the token's search needs them. */
  MultiMap handshake() {
    var handshake = HttpHeaders.headers();
    find(Mapping.PROTOCOLS).ifPresent(it -> handshake.add("Sec-WebSocket-Protocol", it));
    handshake.add("Sec-WebSocket-Protocol", headers.getAll("Sec-WebSocket-Protocol"));
    find(Mapping.AUTHORIZATION).ifPresent(it -> handshake.add("Authorization", it));
    find(Mapping.ORIGIN).ifPresent(it -> handshake.add("Origin", it));
    return handshake;
  }

  /**
   * The handshake's query, the mapped parameters first.
   *
   * @param forwarded the query of the request itself; empty if it has none
   */
  String query(String forwarded) {
    var query = new StringBuilder();
    // not encoded again: whether API Gateway decodes what it maps is nowhere said, and a token has
    // nothing in it that either way would change
    find(Mapping.QUERY_AUTHORIZATION)
        .ifPresent(it -> query.append("Authorization=").append(it).append('&'));
    find(Mapping.QUERY_TOKEN).ifPresent(it -> query.append("token=").append(it).append('&'));
    return query.append(forwarded).toString();
  }

  private Optional<String> single(String header) {
    var values = headers.getAll(header);
    return values.size() == 1
        ? Optional.of(values.getFirst().strip()).filter(value -> !value.isEmpty())
        : Optional.empty();
  }
}
