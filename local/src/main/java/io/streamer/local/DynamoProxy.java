package io.streamer.local;

import io.streamer.local.aws.BoundedBody;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands in front of DynamoDB on 127.0.0.1, passes requests and answers on untouched, and tells
 * when something was written.
 */
public final class DynamoProxy {
  // DynamoDB takes and gives 16 MB at most
  private static final int MAX_BODY = 17 * 1024 * 1024;
  private static final int MAX_CONNECTIONS = 128;
  private static final int MAX_WAITING = 10_000;
  // DynamoDB Local closes an idle connection after 30 s; a request must not meet that
  private static final int KEEP_ALIVE_SECONDS = 20;

  private static final Set<String> WRITES =
      Set.of("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems");
  // between two neighbours, not end to end
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection",
          "keep-alive",
          "transfer-encoding",
          "content-length",
          "host",
          "upgrade",
          "te",
          "expect");

  private final URI target;
  private final HttpClient client;
  private final HttpServer server;
  private final List<Runnable> writeListeners = new CopyOnWriteArrayList<>();

  private DynamoProxy(Vertx vertx, URI target) {
    this.target = target;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setDecompressionSupported(false),
            new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING));
    this.server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0));
  }

  /** Starts a proxy on a free port in front of {@code target}. */
  public static Future<DynamoProxy> start(Vertx vertx, URI target) {
    var proxy = new DynamoProxy(vertx, target);
    return proxy.server.requestHandler(proxy::pass).listen().map(proxy);
  }

  /** Where it listens, as {@code http://127.0.0.1:port}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /**
   * Adds a listener, called after each successful write and before its caller has the answer. It
   * runs on an event loop and must not block.
   */
  public void onWrite(Runnable listener) {
    writeListeners.add(listener);
  }

  /** Stops listening and closes every connection. */
  public Future<Void> close() {
    return server.close().eventually(client::close);
  }

  private void pass(HttpServerRequest request) {
    BoundedBody.read(request, MAX_BODY)
        .compose(body -> forward(request, body))
        .onFailure(problem -> {
          var tooLarge = problem instanceof BoundedBody.TooLargeException;
          var type = tooLarge ? "RequestEntityTooLargeException" : "InternalServerError";
          refuse(request.response(), tooLarge ? 413 : 500, type, problem.toString());
        });
  }

  private Future<Void> forward(HttpServerRequest request, Buffer body) {
    var options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost(target.getHost())
            .setPort(target.getPort())
            .setURI(request.uri());
    for (var header : request.headers()) {
      if (endToEnd(header.getKey())) {
        options.addHeader(header.getKey(), header.getValue());
      }
    }
    return client
        .request(options)
        .compose(out -> out.send(body))
        .compose(answer -> answer.body().compose(bytes -> answer(request, answer, bytes)));
  }

  private Future<Void> answer(HttpServerRequest request, HttpClientResponse answer, Buffer body) {
    if (answer.statusCode() == 200 && isWrite(request)) {
      writeListeners.forEach(Runnable::run);
    }
    var response = request.response().setStatusCode(answer.statusCode());
    for (var header : answer.headers()) {
      if (endToEnd(header.getKey())) {
        response.headers().add(header.getKey(), header.getValue());
      }
    }
    return response.end(body);
  }

  private static boolean isWrite(HttpServerRequest request) {
    var target = request.getHeader("X-Amz-Target");
    return target != null && WRITES.contains(target.substring(target.indexOf('.') + 1));
  }

  private static boolean endToEnd(String header) {
    return !OF_THE_CONNECTION.contains(header.toLowerCase(Locale.ROOT));
  }

  private static void refuse(HttpServerResponse response, int status, String type, String message) {
    if (response.ended() || response.closed()) {
      return;
    }
    var body =
        JsonObject.of("__type", "com.amazonaws.dynamodb.v20120810#" + type, "message", message);
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/x-amz-json-1.0")
        .end(body.toBuffer());
  }
}
