package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Why and how the direct door ends a socket by itself. */
@ExtendWith(LocalStage.class)
@Timeout(60)
class SocketLifeTest {
  private static final int ANSWERS = 150;

  @Test
  void whoIsSilentForTwoHeartbeatsIsClosedAndWhoAnswersPingsIsNot() throws IOException {
    try (var stage = LocalStage.start(Map.of("STREAMER_HEARTBEAT", "1s"));
        var polite = Door.DIRECT.connect(stage, Tokens.fresh());
        var silent = new RawSocket(stage.direct(), Tokens.fresh())) {
      assertThat(silent.closeCode()).isEqualTo(4408);
      // as old as the other and as quiet, but for its pongs
      polite.request("r-1", "echo", new JsonObject()).answer("r-1");
    }
  }

  @Test
  void aSocketEndsWithItsToken() {
    var claims = Tokens.claims();
    // the door allows clocks to differ by 60 s
    claims.put("exp", Instant.now().getEpochSecond() - 54);
    try (var peer = Door.DIRECT.connect(Tokens.signed(claims))) {
      peer.request("r-1", "echo", new JsonObject()).answer("r-1");
      assertThat(peer.closeCode()).isEqualTo(4401);
    }
  }

  @Test
  void aFrameFarAboveTheLimitClosesTheSocketAsTooBig() throws IOException {
    try (var socket = new RawSocket(LocalStage.stage().direct(), Tokens.fresh())) {
      socket.announce(8 * 131_072 + 1);
      assertThat(socket.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void whoDoesNotReadIsCutOff() throws IOException {
    var gate = UUID.randomUUID().toString();
    var request =
        "{\"action\":\"test.sized\",\"payload\":{\"bytes\":100000,\"gate\":\"" + gate + "\"}}";
    var gateway = LocalStage.stage().gateway();
    // past the stage's front door, which has the buffers of two more sockets
    var door = URI.create("ws://127.0.0.1:" + gateway.port() + "/ws");
    try (var socket = new RawSocket(door, Tokens.fresh())) {
      // far more than the kernel's buffers take, which the server does not count
      for (int i = 0; i < ANSWERS; i++) {
        socket.send(request);
      }
      Until.matches("all are called", () -> TestActions.runs(gate), runs -> runs == ANSWERS);
      TestActions.open(gate);
      // all answers are written before the first is read
      Until.holds("all is answered", gateway::idle);
      assertThat(socket.closeCode()).isEqualTo(1013);
    }
  }

  @Test
  void whoHasAMegabyteUnderWayIsNotReadUntilSomeOfItIsAnswered() {
    var gate = UUID.randomUUID().toString();
    // past the stage's front door, which has buffers of its own
    var door = URI.create("ws://127.0.0.1:" + LocalStage.stage().gateway().port() + "/ws");
    try (var peer = Door.DIRECT.connect(door, Tokens.fresh())) {
      var waits =
          new JsonObject()
              .put("action", "test.gated")
              .put("payload", new JsonObject().put("gate", gate))
              .put("more", "x".repeat(100_000));
      for (int i = 0; i < 11; i++) {
        peer.send(waits.put("id", "gated-" + i));
      }
      peer.send("{\"type\":\"ping\",\"id\":\"behind\"}");
      Until.matches("all are called", () -> TestActions.runs(gate), runs -> runs == 11);
      TestActions.open(gate);
      peer.answer("behind");
      assertThat(peer.frames().getFirst().requestId()).startsWith("gated-");
    }
  }
}
