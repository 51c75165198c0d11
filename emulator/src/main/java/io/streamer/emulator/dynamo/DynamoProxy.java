package io.streamer.emulator.dynamo;

import io.streamer.emulator.aws.BoundedBody;
import io.streamer.emulator.fault.FaultVerdict;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.fault.Sender;
import io.streamer.emulator.fault.Senders;
import io.streamer.emulator.fault.StoreCall;
import io.streamer.emulator.fault.StoreFaults;
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
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands in front of DynamoDB on 127.0.0.1, tells when something was written, and passes requests
 * and answers on untouched unless a fault says otherwise.
 */
public final class DynamoProxy {
  // DynamoDB takes and gives 16 MB at most
  private static final int MAX_BODY = 17 * 1024 * 1024;
  private static final int MAX_CONNECTIONS = 128;
  private static final int MAX_WAITING = 10_000;
  // DynamoDB Local closes an idle connection after 30 s; a request must not meet that
  private static final int KEEP_ALIVE_SECONDS = 20;

  // streams have a prefix of their own
  private static final String OF_TABLES = "DynamoDB_20120810.";

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
  private final Vertx vertx;
  private final Senders senders;
  private final StoreFaults faults;
  private final List<Runnable> writeListeners = new CopyOnWriteArrayList<>();
  private final List<Written> readers = new CopyOnWriteArrayList<>();

  /** Reads along what the store has taken. */
  public interface Written {
    /**
     * A write that succeeded, before its caller has the answer. Runs on an event loop: it must not
     * block, and what it throws is its own.
     *
     * @param operation such as {@code PutItem}
     * @param request its JSON
     * @param answer the store's
     */
    void written(String operation, Buffer request, Buffer answer);
  }

  private DynamoProxy(Vertx vertx, URI target, Senders senders, Faults faults) {
    this.vertx = vertx;
    this.target = target;
    this.senders = senders;
    this.faults = faults.store();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setDecompressionSupported(false),
            new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING));
    this.server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0));
  }

  /** Starts a proxy on a free port in front of {@code target}; nothing goes wrong on its way. */
  public static Future<DynamoProxy> start(Vertx vertx, URI target) {
    return start(vertx, target, new Senders(), Faults.none());
  }

  /** Starts a proxy that lets go wrong what the faults say, and nothing of the dead through. */
  public static Future<DynamoProxy> start(Vertx vertx, URI target, Senders senders, Faults faults) {
    var proxy = new DynamoProxy(vertx, target, senders, faults);
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

  /** Adds a reader of what is written. */
  public void onWritten(Written reader) {
    readers.add(reader);
  }

  /** Stops listening and closes every connection. */
  public Future<Void> close() {
    return server.close().eventually(client::close);
  }

  private void pass(HttpServerRequest request) {
    var sender = senders.of(request.getHeader(Senders.HEADER));
    BoundedBody.read(request, MAX_BODY)
        .compose(body -> {
          if (!sender.begin()) {
            return cut(request);
          }
          return serve(request, sender, body).onComplete(_ -> sender.end());
        })
        .onFailure(problem -> {
          var tooLarge = problem instanceof BoundedBody.TooLargeException;
          var type = tooLarge ? "RequestEntityTooLargeException" : "InternalServerError";
          refuse(request.response(), tooLarge ? 413 : 500, type, problem.toString());
        });
  }

  private Future<Void> serve(HttpServerRequest request, Sender sender, Buffer body) {
    var watched = faults.watching() ? call(request, sender, body) : Optional.<StoreCall>empty();
    if (watched.isEmpty()) {
      return forward(request, body).compose(answer -> give(request, answer));
    }
    var call = watched.get();
    return on(faults.before(call))
        .compose(verdict -> {
          if (verdict instanceof FaultVerdict.Pass && sender.alive()) {
            return forward(request, body).compose(answer -> giveWatched(request, answer, call));
          }
          return instead(request, verdict);
        });
  }

  private Future<Void> giveWatched(HttpServerRequest request, Answered answer, StoreCall call) {
    if (answer.head().statusCode() != 200) {
      return give(request, answer);
    }
    return on(faults.behind(call))
        .compose(verdict ->
            verdict instanceof FaultVerdict.Pass && call.sender().alive()
                ? give(request, answer)
                : instead(request, verdict));
  }

  /** What the sender gets that gets no answer; one that died meanwhile gets nothing. */
  private static Future<Void> instead(HttpServerRequest request, FaultVerdict verdict) {
    if (verdict instanceof FaultVerdict.Refuse(var status, var type, var message)) {
      refuse(request.response(), status, type, message);
      return Future.succeededFuture();
    }
    return cut(request);
  }

  private static Future<Void> cut(HttpServerRequest request) {
    return request.connection().close();
  }

  private <T> Future<T> on(CompletionStage<T> stage) {
    return Future.fromCompletionStage(stage, vertx.getOrCreateContext());
  }

  private static Optional<StoreCall> call(HttpServerRequest request, Sender sender, Buffer body) {
    var target = request.getHeader("X-Amz-Target");
    if (target == null || !target.startsWith(OF_TABLES)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StoreCall.read(target.substring(OF_TABLES.length()), sender, new JsonObject(body)));
    } catch (DecodeException _) {
      // DynamoDB has its own words for that
      return Optional.empty();
    }
  }

  /** An answer of the store. */
  private record Answered(HttpClientResponse head, Buffer body) {}

  private Future<Answered> forward(HttpServerRequest request, Buffer body) {
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
        .compose(head -> head.body().map(bytes -> new Answered(head, bytes)))
        .onSuccess(answer -> {
          if (answer.head().statusCode() == 200 && isWrite(request)) {
            writeListeners.forEach(Runnable::run);
            var operation = operation(request);
            readers.forEach(reader -> reader.written(operation, body, answer.body()));
          }
        });
  }

  private static Future<Void> give(HttpServerRequest request, Answered answer) {
    var response = request.response().setStatusCode(answer.head().statusCode());
    for (var header : answer.head().headers()) {
      if (endToEnd(header.getKey())) {
        response.headers().add(header.getKey(), header.getValue());
      }
    }
    return response.end(answer.body());
  }

  private static boolean isWrite(HttpServerRequest request) {
    return StoreCall.isWrite(operation(request));
  }

  /** Empty if none is named. */
  private static String operation(HttpServerRequest request) {
    var target = request.getHeader("X-Amz-Target");
    return target == null ? "" : target.substring(target.indexOf('.') + 1);
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
