package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** A gateway in a process of its own, over the stage's tables, is told to stop. */
@ExtendWith(LocalStage.class)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGTERM")
class ShutdownTest {
  @Test
  void sigtermAnswersWhatIsInFlightClosesWith1012AndExitsWith0() throws Exception {
    var gate = new JsonObject().put("gate", UUID.randomUUID().toString());
    try (var gateway = GatewayProcess.start(LocalStage.stage());
        var peer = Door.DIRECT.connect(gateway.direct(), Tokens.fresh())) {
      peer.request("slow", "test.gated", gate);
      peer.request("after", "echo", gate).answer("after");

      gateway.terminate();
      assertThat(peer.await("goaway", f -> f.is("goaway")).json().getString("reason"))
          .isEqualTo("restart");
      peer.request("open", "test.open", gate);
      assertThat(peer.answer("slow").data()).isEqualTo(gate);
      assertThat(peer.closeCode()).isEqualTo(1012);
      assertThat(gateway.exitCode()).isZero();
    }
  }
}
