package io.streamer.emulator.apigateway;

import io.streamer.emulator.aws.BoundedBody;
import io.streamer.emulator.fault.Door;
import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.Sender;
import io.streamer.emulator.fault.Senders;
import io.streamer.emulator.integration.Ids;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The {@code @connections} API (service model {@code apigatewaymanagementapi}, 2018-11-29): answers
 * for the sockets that are open.
 */
final class ConnectionsApi {
  private static final Pattern PATH =
      Pattern.compile("(?:/[^/]+)*/(?:@|%40)connections/(?<id>[^/]+)");

  /** For a body to come, in milliseconds. */
  static final long BODY_MS = 30_000;

  private final DeployedApi api;
  private final int maxMessage;
  private final Senders senders;

  ConnectionsApi(DeployedApi api, Senders senders) {
    this.api = api;
    this.maxMessage = api.settings().limits().sizes().message();
    this.senders = senders;
  }

  /** Whether the path is one of this API, whatever its stage. */
  static boolean serves(String path) {
    return PATH.matcher(path).matches();
  }

  void handle(HttpServerRequest request) {
    if (!sender(request).alive()) {
      cut(request);
      return;
    }
    request.response().putHeader("x-amzn-RequestId", UUID.randomUUID().toString());
    var refused = SignatureShape.check(request.getHeader("Authorization"));
    if (refused.isPresent()) {
      fail(request, 403, refused.get().type(), refused.get().message());
      return;
    }
    if (!api.requests().take()) {
      fail(request, 429, "LimitExceededException", "Too Many Requests");
      return;
    }
    var path = PATH.matcher(request.path());
    var id = path.matches() ? decode(path.group("id")) : "";
    if (!Ids.isConnectionId(id)) {
      fail(request, 400, "BadRequestException", "Invalid connectionId: " + id);
    } else if (request.method().equals(HttpMethod.POST)) {
      post(request, id);
    } else if (request.method().equals(HttpMethod.GET)) {
      ifOpen(request, id, connection -> describe(request, connection));
    } else if (request.method().equals(HttpMethod.DELETE)) {
      ifOpen(
          request,
          id,
          connection -> {
            connection.close(ApiCloseCode.DELETED);
            request.response().setStatusCode(204).end();
          });
    } else {
      fail(request, 403, "MissingAuthenticationTokenException", "Missing Authentication Token");
    }
  }

  private static String decode(String id) {
    try {
      // a path's + is a plus
      return URLDecoder.decode(id.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return id;
    }
  }

  private void post(HttpServerRequest request, String id) {
    var late = api.timers().after(BODY_MS, () -> cut(request));
    BoundedBody.read(request, maxMessage)
        .onComplete(_ -> late.cancel())
        .onSuccess(body -> post(request, id, body))
        .onFailure(e -> {
          if (e instanceof BoundedBody.TooLargeException) {
            fail(
                request,
                413,
                "PayloadTooLargeException",
                "the message may have " + maxMessage + " bytes");
          }
        });
  }

  private void post(HttpServerRequest request, String id, Buffer body) {
    var fault = api.faults().push(Door.API_GATEWAY, sender(request));
    if (fault.isEmpty()) {
      push(request, id, body);
      return;
    }
    switch (fault.get()) {
      case Fault.Status(var code) -> {
        switch (code) {
          case 410 -> gone(request);
          case 429 -> fail(request, 429, "LimitExceededException", "Too Many Requests");
          default -> fail(request, code, "InternalServerErrorException", "Internal server error");
        }
      }
      case Fault.Cut _ -> cut(request);
      case Fault.LoseAnswer _ -> {
        var _ = api.connections().find(id).map(connection -> connection.send(body));
        cut(request);
      }
      case Fault.Delay(var length) ->
          api.timers().after(length.toMillis(), () -> push(request, id, body));
    }
  }

  /** Unless its sender died meanwhile. */
  private void push(HttpServerRequest request, String id, Buffer body) {
    var sender = sender(request);
    if (!sender.begin()) {
      cut(request);
      return;
    }
    try {
      ifOpen(request, id, connection -> push(request, connection, body));
    } finally {
      sender.end();
    }
  }

  private Sender sender(HttpServerRequest request) {
    return senders.of(request.getHeader(Senders.HEADER));
  }

  private static void cut(HttpServerRequest request) {
    var _ = request.connection().close();
  }

  private static void push(HttpServerRequest request, Connection connection, Buffer body) {
    switch (connection.send(body)) {
      case ACCEPTED -> request.response().end();
      case FULL ->
          fail(
              request,
              429,
              "LimitExceededException",
              "the client's buffer is full, it reads too slowly");
      case GONE -> gone(request);
    }
  }

  private static void describe(HttpServerRequest request, Connection connection) {
    var peer = connection.peer();
    request
        .response()
        .putHeader("Content-Type", "application/json")
        .end(
            JsonObject.of(
                    "connectedAt",
                    Instant.ofEpochMilli(peer.connectedAt()).toString(),
                    "identity",
                    JsonObject.of("sourceIp", peer.sourceIp(), "userAgent", peer.userAgent()),
                    "lastActiveAt",
                    Instant.ofEpochMilli(connection.lastActiveAt()).toString())
                .toBuffer());
  }

  private void ifOpen(HttpServerRequest request, String id, Consumer<Connection> then) {
    Optional<Connection> open = api.connections().find(id);
    open.ifPresentOrElse(then, () -> gone(request));
  }

  /** AWS's has no body: without the header a client could not tell it from another failure. */
  private static void gone(HttpServerRequest request) {
    request.response().setStatusCode(410).putHeader("x-amzn-ErrorType", "GoneException").end();
  }

  private static void fail(HttpServerRequest request, int status, String type, String message) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("x-amzn-ErrorType", type)
        .putHeader("Content-Type", "application/json")
        .end(JsonObject.of("message", message).toBuffer());
  }
}
