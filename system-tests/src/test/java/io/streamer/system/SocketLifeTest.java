package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Why and how the direct door ends a socket by itself. */
@ExtendWith(LocalStage.class)
@Timeout(60)
class SocketLifeTest {
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
    var request = "{\"action\":\"echo\",\"payload\":\"" + "x".repeat(100_000) + "\"}";
    try (var socket = new RawSocket(LocalStage.stage().direct(), Tokens.fresh())) {
      // what the server's kernel buffers take is not counted by it
      for (int i = 0; i < 100; i++) {
        socket.send(request);
      }
      assertThat(socket.closeCode()).isEqualTo(1013);
    }
  }
}
