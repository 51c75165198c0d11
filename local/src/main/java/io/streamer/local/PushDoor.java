package io.streamer.local;

import io.streamer.local.aws.BoundedBody;
import io.streamer.local.fault.Door;
import io.streamer.local.fault.Fault;
import io.streamer.local.fault.Faults;
import io.streamer.local.fault.Sender;
import io.streamer.local.fault.Senders;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Optional;

/**
 * Stands in front of one gateway's internal API, which announces it as its own: pushes go wrong
 * here as the faults say, and the dead are turned away.
 */
final class PushDoor {
  private static final String TYPE = "x-amzn-ErrorType";
  private static final String SECRET = "X-Streamer-Internal";
  private static final int MAX_BODY = 1024 * 1024;
  private static final int MAX_CONNECTIONS = 128;

  private final Vertx vertx;
  private final Senders senders;
  private final Faults faults;
  private final String accepted;
  private final HttpClient client;
  private final HttpServer server;
  private volatile int target;

  private PushDoor(Vertx vertx, Senders senders, Faults faults, String accepted) {
    this.vertx = vertx;
    this.senders = senders;
    this.faults = faults;
    this.accepted = accepted;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
    this.server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0));
  }

  /**
   * Starts one on a free port, that leads nowhere yet.
   *
   * @param accepted the secret that the gateway takes, in place of each process's own
   */
  static Future<PushDoor> start(Vertx vertx, Senders senders, Faults faults, String accepted) {
    var door = new PushDoor(vertx, senders, faults, accepted);
    return door.server.requestHandler(door::pass).listen().map(door);
  }

  /** What the gateway announces. */
  String address() {
    return "127.0.0.1:" + server.actualPort();
  }

  /** Leads to the gateway from now on. */
  void to(int internalPort) {
    target = internalPort;
  }

  /** Closes every connection. */
  Future<Void> close() {
    return server.close().eventually(client::close);
  }

  private void pass(HttpServerRequest request) {
    var sender = senders.of(request.getHeader(SECRET));
    BoundedBody.read(request, MAX_BODY)
        .compose(body -> {
          if (!sender.begin()) {
            return cut(request);
          }
          return serve(request, sender, body).onComplete(_ -> sender.end());
        })
        .onFailure(_ -> {
          var response = request.response();
          if (!response.ended() && !response.closed()) {
            response.setStatusCode(502).end();
          }
        });
  }

  private Future<Void> serve(HttpServerRequest request, Sender sender, Buffer body) {
    var fault =
        request.method().equals(HttpMethod.POST)
            ? faults.push(Door.DIRECT, sender)
            : Optional.<Fault.OfPush>empty();
    if (fault.isEmpty()) {
      return forward(request, sender, body);
    }
    return switch (fault.get()) {
      case Fault.Status(var code) -> refuse(request, code);
      case Fault.Cut _ -> cut(request);
      case Fault.LoseAnswer _ -> send(request, sender, body).compose(_ -> cut(request));
      case Fault.Delay(var length) -> {
        var waited = Promise.<Void>promise();
        var context = vertx.getOrCreateContext();
        faults.later(length, () -> context.runOnContext(_ -> waited.complete()));
        yield waited.future().compose(_ -> forward(request, sender, body));
      }
    };
  }

  private Future<Void> forward(HttpServerRequest request, Sender sender, Buffer body) {
    return send(request, sender, body)
        .compose(answer -> {
          var response = request.response().setStatusCode(answer.status());
          answer.type().ifPresent(type -> response.putHeader(TYPE, type));
          return response.end(answer.body());
        });
  }

  /** What the gateway said. */
  private record Answer(int status, Optional<String> type, Buffer body) {}

  private Future<Answer> send(HttpServerRequest request, Sender sender, Buffer body) {
    var options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost("127.0.0.1")
            .setPort(target)
            .setURI(request.uri());
    var secret = sender.equals(Sender.OTHER) ? request.getHeader(SECRET) : accepted;
    if (secret != null) {
      options.putHeader(SECRET, secret);
    }
    return client
        .request(options)
        .compose(out -> out.send(body))
        .compose(head ->
            head.body()
                .map(bytes ->
                    new Answer(
                        head.statusCode(), Optional.ofNullable(head.getHeader(TYPE)), bytes)));
  }

  private static Future<Void> refuse(HttpServerRequest request, int status) {
    var type = status == 410 ? "GoneException" : status == 429 ? "LimitExceededException" : "";
    if (!type.isEmpty()) {
      request.response().putHeader(TYPE, type);
    }
    return request.response().setStatusCode(status).end();
  }

  private static Future<Void> cut(HttpServerRequest request) {
    return request.connection().close();
  }
}
