package io.streamer.gateway;

import io.streamer.gateway.auth.TokenVerifier;
import io.streamer.gateway.http.Health;
import io.streamer.gateway.http.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.function.BooleanSupplier;

/** What the direct door's port answers to requests that are no sockets. */
final class PlainHttp {
  /**
   * Where clients look for the door unless they are told otherwise; it is at any other path too.
   */
  private static final String DOOR = "/ws";

  private PlainHttp() {}

  static Router router(
      Vertx vertx,
      Settings settings,
      Stores stores,
      TokenVerifier verifier,
      BooleanSupplier stopping,
      InstantSource clock) {
    var http = Router.router(vertx);
    var checks = new ArrayList<Health.Check>();
    checks.add(
        new Health.Check(
            "dynamodb",
            () -> stores.dynamo().execute(stores.nodes().find(settings.nodeId())).map(true)));
    verifier
        .readiness()
        .forEach((issuer, hasKeys) ->
            checks.add(
                new Health.Check(
                    "keys:" + issuer, () -> Future.succeededFuture(hasKeys.getAsBoolean()))));
    Health.mount(http, clock, stopping, checks.toArray(Health.Check[]::new));
    settings
        .publishedKeys()
        .ifPresent(file ->
            http.get("/.well-known/jwks.json")
                .handler(it ->
                    it.response()
                        .putHeader("Content-Type", "application/json")
                        .sendFile(file.toString())));
    http.route(DOOR).handler(PlainHttp::askForUpgrade);
    return http;
  }

  /** What a proxy makes of a handshake if nobody has told it about sockets. */
  private static void askForUpgrade(RoutingContext it) {
    it.response()
        .setStatusCode(426)
        .putHeader("Upgrade", "websocket")
        .putHeader("Connection", "Upgrade")
        .putHeader("Content-Type", "application/json")
        .end(
            Refusal.body(
                "upgrade_required",
                "here is a WebSocket; a proxy on the way has to pass on Upgrade and Connection"));
  }
}
