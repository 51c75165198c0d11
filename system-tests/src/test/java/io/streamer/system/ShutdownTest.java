package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway in a process of its own, over the stage's tables, is told to stop. */
@ExtendWith(LocalStage.class)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGTERM")
class ShutdownTest {
  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void sigtermAnswersWhatIsInFlightClosesWith1012AndExitsWith0(String format) throws Exception {
    var gate = new JsonObject().put("gate", UUID.randomUUID().toString());
    try (var gateway =
            GatewayProcess.start(LocalStage.stage(), Map.of("STREAMER_LOG_FORMAT", format));
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
      assertThat(gateway.lines().getLast()).contains("stopped");
      assertThat(gateway.lines())
          .allSatisfy(line -> {
            if (format.equals("json")) {
              assertThat(new JsonObject(line).fieldNames())
                  .contains("timestamp", "level", "loggerName", "formattedMessage");
            } else {
              assertThat(line).matches("20[0-9T:.-]+Z INFO +Main - .*");
            }
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"STREAMER_LOG_FORMAT=xml", "STREAMER_LOG_LEVEL=LOUD", "STREAMER_PORT=x"})
  void aWrongSettingIsNamedBeforeItEnds(String setting) {
    var wrong = setting.split("=", 2);
    assertThatThrownBy(() -> GatewayProcess.start(LocalStage.stage(), Map.of(wrong[0], wrong[1])))
        .hasMessageContaining(wrong[0]);
  }
}
