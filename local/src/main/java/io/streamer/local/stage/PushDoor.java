package io.streamer.local.stage;

import io.streamer.emulator.aws.BoundedBody;
import io.streamer.emulator.fault.Door;
import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.fault.Sender;
import io.streamer.emulator.fault.Senders;
import io.streamer.gateway.loop.HandOver;
import io.streamer.shared.push.Endpoints;
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
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Stands in front of one gateway's internal API, which announces it as its own: pushes go wrong
 * here as the faults say, and the dead are turned away.
 */
final class PushDoor {
  private static final String TYPE = "x-amzn-ErrorType";
  private static final Pattern NAMED = Pattern.compile("/([a-z]+\\d+)/.*");
  private static final String SECRET = "X-Streamer-Internal";
  private static final int MAX_BODY = 1024 * 1024;
  private static final int MAX_CONNECTIONS = 128;

  private final Vertx vertx;
  private final Senders senders;
  private final Faults faults;
  private final HttpClient client;
  private final HttpServer server;
  private volatile int target;

  private PushDoor(Vertx vertx, Senders senders, Faults faults) {
    this.vertx = vertx;
    this.senders = senders;
    this.faults = faults;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
    this.server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0));
  }

  /**
   * The endpoints as a worker is to call them: a gateway's node takes no session token, so the path
   * says who comes. The internal API itself looks at the path's end alone.
   */
  static Endpoints asSeenBy(Sender sender, Endpoints endpoints) {
    return new Endpoints() {
      @Override
      public Optional<URI> address(String alias) {
        var found = endpoints.address(alias);
        return alias.startsWith(Endpoints.NODE)
            ? found.map(uri -> URI.create(uri + "/" + sender.id()))
            : found;
      }

      @Override
      public boolean silent(String alias) {
        return endpoints.silent(alias);
      }
    };
  }

  /** Starts one on a free port, that leads nowhere yet. */
  static Future<PushDoor> start(Vertx vertx, Senders senders, Faults faults) {
    var door = new PushDoor(vertx, senders, faults);
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
    var sender = sender(request);
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

  private Sender sender(HttpServerRequest request) {
    var named = NAMED.matcher(request.uri());
    return named.matches() ? senders.of(named.group(1)) : Sender.SOME_GATEWAY;
  }

  private Future<Void> serve(HttpServerRequest request, Sender sender, Buffer body) {
    var fault =
        request.method().equals(HttpMethod.POST)
            ? faults.push(Door.DIRECT, sender)
            : Optional.<Fault.OfPush>empty();
    if (fault.isEmpty()) {
      return forward(request, body);
    }
    return switch (fault.get()) {
      case Fault.Status(var code) -> refuse(request, code);
      case Fault.Cut _ -> cut(request);
      case Fault.LoseAnswer _ -> send(request, body).compose(_ -> cut(request));
      case Fault.Delay(var length) -> {
        var waited = Promise.<Void>promise();
        var context = vertx.getOrCreateContext();
        faults.later(length, () -> HandOver.to(context, waited::complete));
        yield waited.future().compose(_ -> forward(request, body));
      }
    };
  }

  private Future<Void> forward(HttpServerRequest request, Buffer body) {
    return send(request, body)
        .compose(answer -> {
          var response = request.response().setStatusCode(answer.status());
          answer.type().ifPresent(type -> response.putHeader(TYPE, type));
          return response.end(answer.body());
        });
  }

  /** What the gateway said. */
  private record Answer(int status, Optional<String> type, Buffer body) {}

  private Future<Answer> send(HttpServerRequest request, Buffer body) {
    var options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost("127.0.0.1")
            .setPort(target)
            .setURI(request.uri());
    var secret = request.getHeader(SECRET);
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
