package io.streamer.soak.bench.server;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What there is to compare with: Vert.x giving back each text, and nothing else. */
public final class BareMain {
  private BareMain() {}

  public static void main(String[] args) throws Exception {
    var vertx = Vertx.builder().build();
    var first = new Echo(-1);
    int others = Runtime.getRuntime().availableProcessors() - 1;
    vertx.deployVerticle(first).await();
    if (others > 0) {
      // Vert.x shares a random port among servers that ask for the same negative one
      vertx
          .deployVerticle(() -> new Echo(-1), new DeploymentOptions().setInstances(others))
          .await();
    }
    System.out.println("listening on 127.0.0.1:" + first.port());
  }

  private static final class Echo extends VerticleBase {
    private final int port;
    private @Nullable HttpServer server;

    Echo(int port) {
      this.port = port;
    }

    @Override
    public Future<?> start() {
      var options =
          new HttpServerOptions()
              .setHost("127.0.0.1")
              .setPort(port)
              .setPerMessageWebSocketCompressionSupported(false)
              .setPerFrameWebSocketCompressionSupported(false);
      var listening =
          vertx
              .createHttpServer(options)
              .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage));
      server = listening;
      return listening.listen();
    }

    int port() {
      return Objects.requireNonNull(server).actualPort();
    }
  }
}
