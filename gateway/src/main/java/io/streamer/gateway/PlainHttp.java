package io.streamer.gateway;

import io.streamer.gateway.auth.TokenVerifier;
import io.streamer.gateway.http.Health;
import io.streamer.gateway.http.Refusal;
import io.streamer.gateway.http.Strangers;
import io.streamer.gateway.store.Stores;
import io.streamer.shared.settings.Document;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** What the ports for clients and for API Gateway answer to requests that are no sockets. */
final class PlainHttp {
  /**
   * Where clients look for the door unless they are told otherwise; it is at any other path too.
   */
  private static final String DOOR = "/ws";

  /** A path that can be decoded; possessive, for a path may be as long as a line. */
  private static final Pattern PATH = Pattern.compile("/(?:[^%]++|%[0-9A-Fa-f]{2})*+");

  private PlainHttp() {}

  static Router router(
      Vertx vertx,
      GatewaySettings settings,
      Stores stores,
      TokenVerifier verifier,
      BooleanSupplier stopping,
      InstantSource clock) {
    var http = health(vertx, settings, stores, verifier, stopping, clock);
    settings.publishedKeys().ifPresent(keys -> publish(http, keys));
    http.route(DOOR).handler(PlainHttp::askForUpgrade);
    return http;
  }

  /** What load balancers ask, and nothing else. */
  static Router health(
      Vertx vertx,
      GatewaySettings settings,
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
    return http;
  }

  static void publish(Router http, Document keys) {
    http.get("/.well-known/jwks.json")
        .handler(it -> {
          var response = it.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
          switch (keys) {
            case Document.InFile(var path) -> response.sendFile(path.toString());
            case Document.Inline(var text) -> response.end(text);
          }
        });
  }

  /**
   * Answers what the router cannot read: it would throw, and write a stack for each.
   *
   * @param strangers are told of it, and of what else goes wrong in a route
   */
  static Handler<HttpServerRequest> readable(Router http, Strangers strangers) {
    http.errorHandler(
        500,
        context -> {
          var failure = context.failure();
          if (failure != null) {
            strangers.fault("answering over HTTP", failure);
          }
          refuse(context.request(), 500, "internal_error", "something went wrong on our side");
        });
    return request -> {
      var path = request.path();
      if (path == null || !PATH.matcher(path).matches()) {
        strangers.refused("bad_request");
        refuse(request, 400, "bad_request", "this is no path");
      } else if (request.authority() == null) {
        strangers.refused("bad_request");
        refuse(request, 400, "bad_request", "the header Host is missing, or names no host");
      } else {
        http.handle(request);
      }
    };
  }

  private static void refuse(HttpServerRequest request, int status, String code, String text) {
    var response = request.response();
    if (!response.ended() && !response.closed()) {
      response
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .end(Refusal.body(code, text));
    }
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
