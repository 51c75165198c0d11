package io.streamer.system;

import io.streamer.gateway.apigateway.ApiRoute;
import io.streamer.gateway.apigateway.Mapping;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Calls a gateway's integrations as API Gateway does: with what is mapped and nothing else. */
final class ApiCaller {
  static final String USER_AGENT = "a browser";
  static final String ADDRESS = "203.0.113.7";

  private static final String TARGET = "integration.request.header.";
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI base;
  private final String secret;
  private final String api;

  ApiCaller(int port, String secret, String api) {
    this.base = URI.create("http://127.0.0.1:" + port + "/live");
    this.secret = secret;
    this.api = api;
  }

  /** A handshake with headers alone. */
  HttpResponse<String> connect(String id, Map<String, String> headers) {
    return connect(id, headers, Map.of(), "");
  }

  /**
   * A handshake.
   *
   * @param query the parameters that are mapped
   * @param forwarded the query that stands behind the URL
   */
  HttpResponse<String> connect(
      String id, Map<String, String> headers, Map<String, String> query, String forwarded) {
    var values = new HashMap<String, String>();
    headers.forEach((name, value) -> values.put("route.request.header." + name, value));
    query.forEach((name, value) -> values.put("route.request.querystring." + name, value));
    return send(ApiRoute.CONNECT, id, values, forwarded, new byte[0]).join();
  }

  CompletableFuture<HttpResponse<String>> send(String id, String message) {
    return send(ApiRoute.MESSAGE, id, Map.of(), "", message.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a message; what came back, which must be a frame. */
  Frame ask(String id, String message) {
    var response = send(id, message).join();
    if (response.statusCode() != 200) {
      throw new AssertionError("answered " + response.statusCode() + ": " + response.body());
    }
    return Frame.of(response.body());
  }

  HttpResponse<String> disconnect(String id) {
    return send(ApiRoute.DISCONNECT, id, Map.of(), "", new byte[0]).join();
  }

  private CompletableFuture<HttpResponse<String>> send(
      ApiRoute route, String id, Map<String, String> handshake, String query, byte[] body) {
    var values = new HashMap<>(handshake);
    values.put("context.connectionId", id);
    values.put("context.identity.sourceIp", ADDRESS);
    values.put("context.identity.userAgent", USER_AGENT);
    values.put("context.connectedAt", "1795000000000");
    values.put("context.requestId", "HEJvQHXKoAMEi7A=");
    var request =
        HttpRequest.newBuilder(URI.create(base + route.path() + query))
            .POST(BodyPublishers.ofByteArray(body));
    Mapping.requestParameters(route, secret, api)
        .forEach((target, source) -> {
          var value =
              source.startsWith("'")
                  ? source.substring(1, source.length() - 1)
                  : values.get(source);
          if (value != null) {
            request.header(target.substring(TARGET.length()), value);
          }
        });
    return HTTP.sendAsync(request.build(), BodyHandlers.ofString());
  }
}
