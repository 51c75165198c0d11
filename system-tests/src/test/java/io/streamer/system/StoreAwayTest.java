package io.streamer.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultPlan;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.When;
import io.streamer.local.stage.Stage;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who comes while the tables are away, and who is there already. */
@Timeout(120)
class StoreAwayTest {
  private Stage stage;

  @BeforeEach
  void start() {
    stage = LocalStage.start(Map.of("STREAMER_DUE_EVERY", "50ms"));
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  @Test
  void newSocketsComeLaterAndThoseThatAreOpenGoOn() throws Exception {
    try (var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      peer.settle();
      stage.faults().set(FaultPlan.of(1, FaultRule.store(new Fault.Fail())));
      var refused = Until.matches("no socket is taken", this::knock, it -> !it.contains(" 101 "));
      assertThat(refused)
          .startsWith("HTTP/1.1 503 ")
          .containsPattern("(?i)\nretry-after: [1-5]\r\n")
          .contains("\"service_unavailable\"");
      // a load balancer that restarts what is unhealthy leaves it alone
      assertThat(status("/health")).isEqualTo(200);
      assertThat(status("/ready")).isEqualTo(503);
      assertThat(peer.request("r-1", "echo", new JsonObject()).answer("r-1").type())
          .isEqualTo("response");

      stage.faults().clear();
      Until.matches("sockets are taken", this::knock, it -> it.startsWith("HTTP/1.1 101 "));
      Until.matches("it is ready", () -> status("/ready"), it -> it == 200);
    }
  }

  @Test
  void aCallThatFailsNowAndThenKeepsNobodyOut() throws Exception {
    var some = FaultRule.store(FaultRule.Requests.ANY, When.every(2), new Fault.Fail());
    stage.faults().set(FaultPlan.of(1, some));
    try (var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      for (int i = 0; i < 30; i++) {
        peer.request("r-" + i, "delay", new JsonObject().put("seconds", 0)).answer("r-" + i);
        assertThat(knock()).startsWith("HTTP/1.1 101 ");
      }
    } finally {
      stage.faults().clear();
    }
  }

  /** The head of what a handshake is answered, and its body, if it has one. */
  private String knock() throws IOException {
    URI door = stage.direct();
    try (var socket = new Socket(door.getHost(), stage.gateway().port())) {
      var request =
          "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
              + "Authorization: Bearer "
              + Tokens.fresh()
              + "\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      var text = new StringBuilder();
      var in = socket.getInputStream();
      // one that opens stays open
      while (text.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          break;
        }
        text.append((char) next);
      }
      return text.toString().contains(" 101 ")
          ? text.toString()
          : text + new String(in.readAllBytes(), UTF_8);
    }
  }

  private int status(String path) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + stage.gateway().port() + path);
    try (var http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
    }
  }
}
