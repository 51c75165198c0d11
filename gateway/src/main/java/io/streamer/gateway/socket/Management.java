package io.streamer.gateway.socket;

import io.streamer.gateway.connection.CloseCode;
import io.streamer.gateway.connection.Registry;
import io.streamer.gateway.connection.SocketSession;
import io.streamer.gateway.http.SharedSecrets;
import io.streamer.gateway.http.Strangers;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * This task's {@code @connections} API for the sockets it holds: as API Gateway's (its developer
 * guide, "Use @connections commands in your backend service"), so that one client serves both.
 * Guarded by a header, on a port of its own.
 */
public final class Management extends VerticleBase {
  private static final String PATH = "/@connections/";
  private static final String METRICS = "/metrics";
  private static final long LOOK_EVERY_MS = 1_000;
  private static final Pattern CONNECTION_ID = Pattern.compile("[A-Za-z0-9_=-]{1,128}");

  /**
   * What API Gateway takes for one connection (its quotas page), and so what senders count on:
   * {@code STREAMER_MAX_MESSAGE_BYTES} is about what clients send.
   */
  private static final int MAX_BYTES = 128 * 1024;

  private final String host;
  private final int port;
  private final SharedSecrets secrets;
  private final Registry registry;
  private final Strangers strangers;
  private final Supplier<String> metrics;
  private final Visits visits = new Visits(System::nanoTime);
  private @Nullable HttpServer server;

  /**
   * The API.
   *
   * @param port 0 for any free one
   * @param secrets accepted in {@code X-Streamer-Internal}, as they are then
   * @param metrics the page at {@code /metrics}, which needs no secret and holds none
   */
  public Management(
      String host,
      int port,
      Supplier<List<String>> secrets,
      Registry registry,
      Strangers strangers,
      Supplier<String> metrics) {
    this.strangers = strangers;
    this.metrics = metrics;
    this.host = host;
    this.port = port;
    this.secrets = new SharedSecrets(secrets);
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    var listening =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(host)
                    .setPort(port)
                    // so that a connection is known from its first moment
                    .setHttp2ClearTextEnabled(false))
            .connectionHandler(connection -> {
              strangers.meet(connection);
              visits.begin(connection);
            })
            .requestHandler(request -> {
              visits.ask(request);
              request(request);
            });
    strangers.watch(listening);
    server = listening;
    vertx.setPeriodic(LOOK_EVERY_MS, _ -> visits.look());
    return listening.listen();
  }

  /** The port it listens on. */
  public int actualPort() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.actualPort();
  }

  private void request(HttpServerRequest request) {
    if (METRICS.equals(request.path())) {
      metrics(request);
      return;
    }
    if (!secrets.include(request.headers().getAll("X-Streamer-Internal"))) {
      fail(request, 403, "ForbiddenException", "");
      return;
    }
    var path = request.path() == null ? "" : request.path().replace("%40", "@");
    int at = path.indexOf(PATH);
    if (at < 0) {
      fail(request, 404, "NotFoundException", "");
      return;
    }
    var id = decode(path.substring(at + PATH.length()));
    if (!CONNECTION_ID.matcher(id).matches()) {
      fail(request, 400, "BadRequestException", "Invalid connectionId");
      return;
    }
    var session = registry.find(id);
    if (request.method().equals(HttpMethod.POST)) {
      post(request, session);
    } else if (session.isEmpty()) {
      gone(request);
    } else if (request.method().equals(HttpMethod.GET)) {
      describe(request, session.get());
    } else if (request.method().equals(HttpMethod.DELETE)) {
      disconnect(session.get());
      request.response().setStatusCode(204).end();
    } else {
      fail(request, 405, "BadRequestException", "");
    }
  }

  private void metrics(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET)) {
      fail(request, 405, "BadRequestException", "");
      return;
    }
    request
        .response()
        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        .end(metrics.get());
  }

  /** Whoever pushes may see first that a token has ended; its client is told that it has. */
  private static void disconnect(SocketSession session) {
    if (!session.expire()) {
      session.close(CloseCode.DISCONNECTED);
    }
  }

  /** As it is where it was not encoded: then it is no id. */
  private static String decode(String id) {
    try {
      return URLDecoder.decode(id, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return id;
    }
  }

  private void post(HttpServerRequest request, Optional<SocketSession> session) {
    var length = request.getHeader("Content-Length");
    // without a length the body could be endless; the SDK always sends one
    if (length == null || length.length() > 9 || !length.chars().allMatch(Character::isDigit)) {
      fail(request, 411, "BadRequestException", "Content-Length is required");
      return;
    }
    if (Integer.parseInt(length) > MAX_BYTES) {
      fail(request, 413, "PayloadTooLargeException", "");
      return;
    }
    if (session.isEmpty()) {
      gone(request);
      return;
    }
    request
        .body()
        .compose(body -> session.get().deliver(body.getBytes()))
        .onSuccess(delivery -> {
          switch (delivery) {
            case DELIVERED -> request.response().setStatusCode(200).end();
            case GONE -> gone(request);
            case BUSY -> fail(request, 429, "LimitExceededException", "");
          }
        })
        .onFailure(_ -> fail(request, 500, "InternalServerErrorException", ""));
  }

  private void describe(HttpServerRequest request, SocketSession session) {
    request
        .response()
        .putHeader("Content-Type", "application/json")
        .end(
            new JsonObject()
                .put("connectedAt", Instant.ofEpochMilli(session.connectedAt()).toString())
                .put(
                    "identity",
                    new JsonObject()
                        .put("sourceIp", session.sourceAddress())
                        .put("userAgent", session.userAgent()))
                .put("lastActiveAt", Instant.ofEpochMilli(session.lastSeenAt()).toString())
                .encode());
  }

  private void gone(HttpServerRequest request) {
    fail(request, 410, "GoneException", "");
  }

  private void fail(HttpServerRequest request, int status, String type, String message) {
    var response =
        request
            .response()
            .setStatusCode(status)
            // without it the SDK does not tell one failure from another
            .putHeader("x-amzn-ErrorType", type)
            .putHeader("x-amzn-RequestId", UUID.randomUUID().toString());
    if (message.isEmpty()) {
      response.end();
    } else {
      response.end(new JsonObject().put("message", message).encode());
    }
  }
}
