package io.streamer.soak.bench.stub;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Stands before a store that looks at no signature, and counts what it is asked and what it says
 * that it took.
 */
public final class StoreDoor implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 128;
  private static final String CONSUMED = "ConsumedCapacity";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      vertx.createHttpClient(
          new HttpClientOptions().setDecompressionSupported(false),
          new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
  private final LongAdder calls = new LongAdder();
  private final DoubleAdder writeUnits = new DoubleAdder();
  private final DoubleAdder readUnits = new DoubleAdder();
  private final URI store;
  private final HttpServer server;

  /**
   * What has come so far.
   *
   * @param writeUnits as the store counts them, indexes included
   * @param readUnits as the store counts them
   */
  public record Counted(long calls, double writeUnits, double readUnits) {}

  private StoreDoor(URI store) {
    this.store = store;
    this.server =
        vertx.createHttpServer().requestHandler(this::pass).listen(0, "127.0.0.1").await();
  }

  /** Leads to a store. */
  public static StoreDoor before(URI store) {
    return new StoreDoor(store);
  }

  private void pass(HttpServerRequest request) {
    calls.increment();
    var options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost(store.getHost())
            .setPort(store.getPort())
            .setURI(request.uri())
            .setHeaders(request.headers().copy(true).remove(HttpHeaders.CONTENT_LENGTH));
    request
        .body()
        .compose(body -> client.request(options).compose(out -> out.send(asking(body))))
        .compose(answer -> answer.body().compose(bytes -> give(request, answer, bytes)))
        // the caller tries again, as if the store had cut it
        .onFailure(_ -> request.connection().close());
  }

  private static Buffer asking(Buffer body) {
    return Buffer.buffer("{\"ReturnConsumedCapacity\":\"TOTAL\",")
        .appendBuffer(body, 1, body.length() - 1);
  }

  private Future<Void> give(HttpServerRequest request, HttpClientResponse answer, Buffer bytes) {
    boolean reads = isRead(request.getHeader("X-Amz-Target"));
    (reads ? readUnits : writeUnits).add(units(new JsonObject(bytes)));
    var response = request.response().setStatusCode(answer.statusCode());
    response.headers().setAll(answer.headers());
    return response.end(bytes);
  }

  private static boolean isRead(String target) {
    var name = target.substring(target.indexOf('.') + 1);
    return Stream.of("Get", "BatchGet", "TransactGet", "Query", "Scan").anyMatch(name::startsWith);
  }

  /** Of one item or of one table, or of several. */
  private static double units(JsonObject answer) {
    var consumed = answer.getValue(CONSUMED);
    if (consumed instanceof JsonArray several) {
      return several.stream()
          .mapToDouble(one -> ((JsonObject) one).getDouble("CapacityUnits"))
          .sum();
    }
    return consumed instanceof JsonObject one ? one.getDouble("CapacityUnits") : 0;
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** What has come so far. */
  public Counted counted() {
    return new Counted(calls.sum(), writeUnits.sum(), readUnits.sum());
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
