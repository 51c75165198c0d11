package io.streamer.gateway.auth;

import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer's web server, whose answers a test changes while it runs. */
final class JwksServer {
  private final HttpServer server;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Handler<HttpServerRequest> answer = request -> send(request, 404, "");

  JwksServer(Vertx vertx) {
    server =
        vertx
            .createHttpServer()
            .requestHandler(request -> {
              asked.incrementAndGet();
              answer.handle(request);
            })
            .listen(0, "127.0.0.1")
            .await();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/jwks.json");
  }

  /** How many requests there were. */
  int asked() {
    return asked.get();
  }

  void answers(Handler<HttpServerRequest> next) {
    answer = next;
  }

  void publishes(JsonObject... keys) {
    var set = new JsonObject().put("keys", new JsonArray(Arrays.asList(keys))).encode();
    answers(request -> send(request, 200, set));
  }

  /** From here on, requests are answered as before, but only when the promise is completed. */
  Promise<Void> holds() {
    var gate = Promise.<Void>promise();
    var then = answer;
    answers(request -> gate.future().onComplete(_ -> then.handle(request)));
    return gate;
  }

  static void send(HttpServerRequest request, int status, String body) {
    request.response().setStatusCode(status).end(body);
  }

  void close() {
    server.close().await();
  }
}
