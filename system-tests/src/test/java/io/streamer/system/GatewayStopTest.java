package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultPlan;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.When;
import io.streamer.gateway.Gateway;
import io.streamer.gateway.GatewaySettings;
import io.streamer.handler.HandlerModule;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.settings.Environment;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
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
  void whileClientsLeaveNoOthersComeIn() throws Exception {
    var gateway = await(start(0));
    var door = URI.create("ws://127.0.0.1:" + gateway.port() + "/ws");
    assertThat(ready(gateway)).isEqualTo(200);
    Future<Void> stopped;
    assertThat(metrics(gateway))
        .contains("streamer_drain_seconds 0.0", "streamer_drain_told_connections 0.0");
    try (var peer = Door.DIRECT.connect(door, Tokens.fresh())) {
      peer.settle();
      stopped = gateway.stop();
      peer.await("goaway", frame -> frame.is("goaway"));
      assertThat(metrics(gateway))
          .contains("streamer_drain_told_connections 1.0")
          .doesNotContain("streamer_drain_seconds 0.0");
      assertThat(ready(gateway)).isEqualTo(503);
      var knock =
          Peer.knock(
              Door.DIRECT,
              door,
              offer -> offer.header("Authorization", "Bearer " + Tokens.fresh()));
      assertThat(knock)
          .isInstanceOfSatisfying(
              Peer.Handshake.Refused.class, refused -> assertThat(refused.status()).isEqualTo(503));
      // it is served until it goes
      assertThat(peer.request("r-1", "echo", new JsonObject()).answer("r-1").type())
          .isEqualTo("response");
    }
    await(stopped);
  }

  @Test
  void aFrameThatIsNotAnsweredYetIsInFlight() {
    var stage = LocalStage.stage();
    var paused =
        FaultRule.store(
            FaultRule.Requests.ANY, When.first(1), new Fault.Pause(Duration.ofMinutes(1)));
    try (var peer = Door.DIRECT.connect(Tokens.fresh())) {
      peer.settle();
      stage.faults().set(FaultPlan.of(1, paused));
      // a ping behind it is answered at once
      peer.send("{\"type\":\"cancel\",\"id\":\"c-1\",\"request_id\":\"r-1\"}").settle();
      assertThat(stage.gateway().idle()).isFalse();
      peer.answer("c-1");
    } finally {
      stage.faults().clear();
    }
  }

  private static int ready(Gateway gateway) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + gateway.port() + "/ready");
    try (var http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
    }
  }

  private static List<String> metrics(Gateway gateway) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + gateway.internalPort() + "/metrics");
    try (var http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofLines()).body().toList();
    }
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
        GatewaySettings.read(environment),
        Catalogue.of(ServiceLoader.load(HandlerModule.class), environment),
        getClass().getClassLoader(),
        Gateway.Hooks.NONE);
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
