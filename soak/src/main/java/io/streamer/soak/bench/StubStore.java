package io.streamer.soak.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.function.Consumer;

/** Answers for DynamoDB at once: every write is taken, and nothing is ever found. */
final class StubStore implements AutoCloseable {
  private final Vertx vertx;
  private final HttpServer server;

  private StubStore(Vertx vertx, HttpServer server) {
    this.vertx = vertx;
    this.server = server;
  }

  static StubStore start() {
    return start(_ -> {});
  }

  /**
   * Starts one.
   *
   * @param asked takes each operation's name before it is answered, on an event loop
   */
  static StubStore start(Consumer<String> asked) {
    var vertx = Vertx.vertx();
    var server =
        vertx
            .createHttpServer()
            .requestHandler(request -> answer(request, asked))
            .listen(0, "127.0.0.1")
            .await();
    return new StubStore(vertx, server);
  }

  private static void answer(HttpServerRequest request, Consumer<String> asked) {
    var target = request.getHeader("X-Amz-Target");
    var operation = target == null ? "" : target.substring(target.indexOf('.') + 1);
    asked.accept(operation);
    var body =
        switch (operation) {
          case "Query", "Scan" -> "{\"Items\":[],\"Count\":0,\"ScannedCount\":0}";
          case "BatchGetItem" -> "{\"Responses\":{},\"UnprocessedKeys\":{}}";
          case "BatchWriteItem" -> "{\"UnprocessedItems\":{}}";
          default -> "{}";
        };
    request.response().putHeader("Content-Type", "application/x-amz-json-1.0").end(body);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
