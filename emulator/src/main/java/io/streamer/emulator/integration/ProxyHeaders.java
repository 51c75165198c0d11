package io.streamer.emulator.integration;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Set;

/** The headers that an integration gets without any mapping. */
final class ProxyHeaders {
  // only what backends were seen to rely on; all else, Authorization too, has to be mapped, so that
  // a mapping that is missing fails here and not on AWS
  private static final Set<String> FORWARDED = Set.of("cookie", "origin", "user-agent");

  /** The name AWS would give the API. */
  private static final String API_ID = "local0api1";

  private ProxyHeaders() {}

  static void put(MultiMap headers, Invocation invocation) {
    var peer = invocation.peer();
    headers.set("User-Agent", "AmazonAPIGateway_" + API_ID);
    headers.set("X-Forwarded-For", peer.sourceIp());
    invocation.handshake().ifPresent(handshake -> forward(handshake.headers(), headers, peer));
    headers
        .set("X-Forwarded-Proto", "http")
        .set("X-Forwarded-Port", Integer.toString(peer.localPort()))
        .set("x-amzn-apigateway-api-id", API_ID)
        .set("X-Amzn-Trace-Id", Ids.trace(invocation.time()));
  }

  private static void forward(MultiMap from, MultiMap to, ClientFacts peer) {
    for (var name : from.names()) {
      var lower = name.toLowerCase(Locale.ROOT);
      if (FORWARDED.contains(lower) || lower.startsWith("sec-websocket-")) {
        to.set(name, from.getAll(name));
      }
    }
    var already = from.get("X-Forwarded-For");
    if (already != null) {
      to.set("X-Forwarded-For", already + ", " + peer.sourceIp());
    }
  }
}
