package io.streamer.soak.bench.server;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
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
import io.vertx.core.http.ServerWebSocket;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What there is to compare the emulated API Gateway with: a text is posted over HTTP, from there it
 * is posted again, and only then given back.
 */
public final class HopsMain {
  private static final int MOST_CONNECTIONS = 128;
  private static final String IN = "/in/";
  private static final String OUT = "/out/";

  private HopsMain() {}

  public static void main(String[] args) throws Exception {
    var vertx = Vertx.builder().build();
    var sockets = new ConcurrentHashMap<String, ServerWebSocket>();
    var first = new Hops(sockets);
    int others = Runtime.getRuntime().availableProcessors() - 1;
    vertx.deployVerticle(first).await();
    if (others > 0) {
      vertx
          .deployVerticle(() -> new Hops(sockets), new DeploymentOptions().setInstances(others))
          .await();
    }
    System.out.println("listening on 127.0.0.1:" + first.port());
  }

  private static final class Hops extends VerticleBase {
    private final Map<String, ServerWebSocket> sockets;
    private @Nullable HttpServer server;
    private @Nullable HttpClient first;
    private @Nullable HttpClient second;

    Hops(Map<String, ServerWebSocket> sockets) {
      this.sockets = sockets;
    }

    @Override
    public Future<?> start() {
      // else the first posts could hold all connections that their seconds wait for
      first = client();
      second = client();
      // Vert.x shares a random port among servers that ask for the same negative one
      var listening =
          vertx
              .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(-1))
              .webSocketHandler(this::serve)
              .requestHandler(this::pass);
      server = listening;
      return listening.listen();
    }

    private HttpClient client() {
      return vertx.createHttpClient(
          new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
    }

    private void serve(ServerWebSocket socket) {
      var id = UUID.randomUUID().toString();
      sockets.put(id, socket);
      socket.closeHandler(_ -> sockets.remove(id));
      socket.textMessageHandler(
          text -> post(first, IN + id, Buffer.buffer(text)).onFailure(_ -> socket.close()));
    }

    private void pass(HttpServerRequest request) {
      request
          .body()
          .compose(body -> next(request.path(), body))
          .onSuccess(_ -> request.response().end())
          .onFailure(_ -> request.response().setStatusCode(502).end());
    }

    private Future<Void> next(String path, Buffer body) {
      if (path.startsWith(IN)) {
        return post(second, OUT + path.substring(IN.length()), body);
      }
      var socket = sockets.get(path.substring(OUT.length()));
      return socket == null
          ? Future.failedFuture("it has gone")
          : socket.writeTextMessage(body.toString());
    }

    private Future<Void> post(@Nullable HttpClient client, String path, Buffer body) {
      return Objects.requireNonNull(client)
          .request(
              new RequestOptions()
                  .setMethod(HttpMethod.POST)
                  .setHost("127.0.0.1")
                  .setPort(port())
                  .setURI(path))
          .compose(out -> out.send(body))
          .compose(answer -> answer.end());
    }

    int port() {
      return Objects.requireNonNull(server).actualPort();
    }
  }
}
