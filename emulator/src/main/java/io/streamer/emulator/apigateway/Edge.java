package io.streamer.emulator.apigateway;

import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.fault.Senders;
import io.streamer.emulator.integration.Backends;
import io.streamer.emulator.integration.IntegrationCalls;
import io.streamer.emulator.integration.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The port: handshakes, {@code @connections} and what is neither. One event loop owns it all. */
final class Edge extends VerticleBase {
  private static final int MAX_URL = 4_096;
  private static final int MAX_HEADERS = 16 * 1024;

  /** For sockets to be closed and backends to be told when the emulator stops, in milliseconds. */
  private static final long STOP_MS = 2_000;

  private final ApiSettings settings;
  private final Backends backends;
  private final PortEvents strangers;
  private final Senders senders;
  private final Faults faults;
  private @Nullable HttpServer server;
  private @Nullable DeployedApi api;

  Edge(
      ApiSettings settings,
      Backends backends,
      PortEvents strangers,
      Senders senders,
      Faults faults) {
    this.settings = settings;
    this.backends = backends;
    this.strangers = strangers;
    this.senders = senders;
    this.faults = faults;
  }

  @Override
  public Future<?> start() {
    var limits = settings.limits();
    var clock = settings.clock();
    var timers = new Timers(clock, context);
    var rates = limits.rates();
    var requests = new TokenBucket(clock, rates.requestsPerSecond(), rates.burst());
    var handshakes =
        new TokenBucket(clock, rates.connectionsPerSecond(), rates.connectionsPerSecond());
    var calls =
        new IntegrationCalls(
            vertx,
            settings.routes(),
            backends,
            timers,
            limits.times().integration(),
            limits.sizes().message());
    var deployed =
        new DeployedApi(
            settings,
            calls,
            new OpenConnections(limits.sizes().connections()),
            new Disconnects(calls, timers, faults),
            timers,
            requests,
            faults);
    var newcomers = new Idlers(timers);
    var handshake = new SocketOpening(deployed, handshakes, newcomers, strangers);
    var management = new ConnectionsApi(deployed, senders);
    api = deployed;
    var listening =
        vertx
            .createHttpServer(options())
            .connectionHandler(connection -> {
              strangers.meet(connection);
              newcomers.came(connection);
            })
            .requestHandler(request -> {
              newcomers.asked(request);
              route(request, handshake, management);
            });
    strangers.watch(listening);
    server = listening;
    return listening.listen();
  }

  private HttpServerOptions options() {
    var sizes = settings.limits().sizes();
    return new HttpServerOptions()
        .setHost(settings.host())
        .setPort(settings.port())
        .setCompressionSupported(false)
        // API Gateway speaks it behind TLS alone
        .setHttp2ClearTextEnabled(false)
        .setMaxHeaderSize(MAX_HEADERS)
        .setMaxInitialLineLength(2 * MAX_URL)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        // above our own limit, so that too big a frame can be read and answered with 1009
        .setMaxWebSocketFrameSize(8 * sizes.message())
        .setMaxWebSocketMessageSize(8 * sizes.message());
  }

  private void route(
      HttpServerRequest request, SocketOpening handshake, ConnectionsApi management) {
    var path = request.path() == null ? "" : request.path();
    if (ConnectionsApi.serves(path)) {
      management.handle(request);
    } else if (request.uri().length() > MAX_URL) {
      refuse(request, 414, "URI Too Long");
    } else if (!isStage(path)) {
      refuse(request, 403, "Forbidden");
    } else if (request.canUpgradeToWebSocket()) {
      handshake.handle(request);
    } else if (request.method().equals(HttpMethod.GET)) {
      request.response().putHeader("Upgrade", "websocket");
      refuse(request, 426, "Upgrade Required");
    } else {
      refuse(request, 403, "Forbidden");
    }
  }

  /** The stage's path, or the root that a custom domain would map to it. */
  private boolean isStage(String path) {
    return path.isEmpty()
        || path.equals("/")
        || path.equals("/" + settings.stage())
        || path.equals("/" + settings.stage() + "/");
  }

  static void refuse(HttpServerRequest request, int status, String message) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(JsonObject.of("message", message).toBuffer());
  }

  int port() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.actualPort();
  }

  /** On the loop that owns the connections. */
  Future<Integer> cut() {
    var cut = Promise.<Integer>promise();
    context.runOnContext(_ -> cut.complete(api == null ? 0 : api.connections().cut()));
    return cut.future();
  }

  @Override
  public Future<?> stop() {
    var served = api;
    if (server == null || served == null) {
      return Future.succeededFuture();
    }
    return served
        .connections()
        .close()
        .compose(_ -> served.disconnects().idle())
        .timeout(STOP_MS, TimeUnit.MILLISECONDS)
        .eventually(server::close)
        .eventually(served.integrations()::close)
        .otherwiseEmpty();
  }
}
