package io.streamer.soak.bench.stub;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.function.Consumer;

/**
 * Answers for DynamoDB at once: every write is taken, and nothing is ever found but what it is told
 * to answer to updates.
 */
public final class StubStore implements AutoCloseable {
  private static final Buffer EMPTY = Buffer.buffer("{}");
  private static final Buffer NOTHING_FOUND =
      Buffer.buffer("{\"Items\":[],\"Count\":0,\"ScannedCount\":0}");
  private static final Buffer NONE_OF_THEM =
      Buffer.buffer("{\"Responses\":{},\"UnprocessedKeys\":{}}");
  private static final Buffer ALL_WRITTEN = Buffer.buffer("{\"UnprocessedItems\":{}}");

  private final Vertx vertx;
  private final HttpServer server;

  private StubStore(Vertx vertx, HttpServer server) {
    this.vertx = vertx;
    this.server = server;
  }

  public static StubStore start() {
    return start(_ -> {}, new JsonObject());
  }

  /**
   * Starts one.
   *
   * @param asked takes each operation's name before it is answered, on an event loop
   * @param updated what each update is answered with
   */
  public static StubStore start(Consumer<String> asked, JsonObject updated) {
    var row = updated.toBuffer();
    var vertx = Vertx.vertx();
    var server =
        vertx
            .createHttpServer()
            .requestHandler(request -> answer(request, asked, row))
            .listen(0, "127.0.0.1")
            .await();
    return new StubStore(vertx, server);
  }

  private static void answer(HttpServerRequest request, Consumer<String> asked, Buffer updated) {
    var target = request.getHeader("X-Amz-Target");
    var operation = target == null ? "" : target.substring(target.indexOf('.') + 1);
    asked.accept(operation);
    var body =
        switch (operation) {
          case "UpdateItem" -> updated;
          case "Query", "Scan" -> NOTHING_FOUND;
          case "BatchGetItem" -> NONE_OF_THEM;
          case "BatchWriteItem" -> ALL_WRITTEN;
          default -> EMPTY;
        };
    request.response().putHeader("Content-Type", "application/x-amz-json-1.0").end(body);
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
