package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.gateway.Gateway;
import io.streamer.gateway.Settings;
import io.streamer.handler.HandlerModule;
import io.streamer.shared.job.Catalogue;
import io.streamer.shared.settings.Environment;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A gateway ends whole, while the Vert.x that it was given goes on. */
@ExtendWith(LocalStage.class)
class GatewayStopTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void aStoppedGatewayListensNoMoreAndAnotherCanStart() {
    var first = await(start(0));
    int port = first.port();
    assertThat(vertx.deploymentIDs()).isNotEmpty();
    await(first.stop());
    assertThat(vertx.deploymentIDs()).isEmpty();
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .isInstanceOf(ConnectException.class);

    var second = await(start(0));
    var door = URI.create("ws://127.0.0.1:" + second.port() + "/ws");
    try (var peer = Door.DIRECT.connect(door, Tokens.fresh())) {
      assertThat(peer.request("r-1", "echo", new JsonObject()).answer("r-1").type())
          .isEqualTo("response");
    }
    await(second.stop());
  }

  @Test
  void aGatewayThatCannotStartLeavesNothingBehind() {
    int taken = LocalStage.stage().gateway().port();
    assertThatThrownBy(() -> await(start(taken))).hasRootCauseInstanceOf(BindException.class);
    assertThat(vertx.deploymentIDs()).isEmpty();
  }

  private Future<Gateway> start(int port) {
    var settings = new HashMap<>(LocalStage.stage().settings());
    settings.put("STREAMER_PORT", Integer.toString(port));
    var environment = new Environment(settings);
    return Gateway.start(
        vertx,
        Settings.read(environment),
        Catalogue.of(ServiceLoader.load(HandlerModule.class), environment),
        getClass().getClassLoader(),
        _ -> {});
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
