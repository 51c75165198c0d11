package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.local.stage.PortTaken;
import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** A stage without a door before its gateway, as {@code dev} starts it where it has no faults. */
class OwnDoorTest {
  @Test
  void clientsComeToTheGatewayItself() {
    try (var stage = Stage.start(LocalStage.options().frontDoor(false))) {
      int port = stage.direct().getPort();
      assertThat(stage.gateway().port()).isEqualTo(port);
      for (var door : Door.values()) {
        try (var peer = door.connect(stage, Tokens.fresh())) {
          var payload = JsonObject.of("a", 1);
          assertThat(
                  peer.request("r-1", "echo", payload).answer("r-1").data().getJsonObject("echo"))
              .isEqualTo(payload);
        }
      }
      assertThatIllegalStateException().isThrownBy(stage::killGateway);
      assertThatIllegalStateException()
          .isThrownBy(() -> stage.cutSockets(io.streamer.emulator.fault.Door.DIRECT));
      assertThatThrownBy(() -> Stage.start(LocalStage.options().frontDoor(false).directPort(port)))
          .isInstanceOfSatisfying(
              PortTaken.class, taken -> assertThat(taken.port()).isEqualTo(port));
    }
  }
}
