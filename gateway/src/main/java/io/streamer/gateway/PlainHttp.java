package io.streamer.gateway;

import io.streamer.gateway.auth.TokenVerifier;
import io.streamer.gateway.http.Health;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.function.BooleanSupplier;

/** What the direct door's port answers to requests that are no sockets. */
final class PlainHttp {
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
    return http;
  }
}
