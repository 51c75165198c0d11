package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.Stage;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two gateway processes over one store, behind API Gateway: which of them answers never matters.
 */
@Timeout(120)
class TwoGatewaysTest {
  private Stage stage;
  private GatewayProcess one;
  private GatewayProcess other;

  @BeforeEach
  void start() throws Exception {
    stage = LocalStage.start(Map.of());
    one = GatewayProcess.start(stage);
    other = GatewayProcess.start(stage);
    var backends = stage.api().backends();
    backends.add(one.backend());
    backends.add(other.backend());
    backends.remove(URI.create("http://127.0.0.1:" + stage.gateway().port()));
  }

  @AfterEach
  void stop() {
    one.close();
    other.close();
    stage.close();
  }

  @Test
  void aConnectionIsServedByBothAndOutlivesOne() throws Exception {
    var payload = new JsonObject().put("gate", UUID.randomUUID().toString());
    try (var peer = Door.API_GATEWAY.connect(stage, Tokens.fresh())) {
      // the load balancer takes turns
      for (int i = 0; i < 20; i++) {
        peer.request("before-" + i, "echo", payload);
        assertThat(peer.answer("before-" + i).type()).isEqualTo("response");
      }
      var job = peer.request("job", "test.gated-job", payload).acknowledgment("job").jobId();
      peer.await("the start", frame -> frame.is("progress"));

      one.kill();
      assertThat(one.exitCode()).isNotZero();
      for (int i = 0; i < 20; i++) {
        peer.request("after-" + i, "echo", payload);
        assertThat(peer.answer("after-" + i).type()).isEqualTo("response");
      }
      TestActions.open(payload.getString("gate"));
      assertThat(peer.terminal(job).result()).isEqualTo(payload);
    }
  }

  @Test
  void manyConnectionsKeepTheirJobsThroughTheLossOfAGateway() throws Exception {
    var payload = new JsonObject().put("gate", UUID.randomUUID().toString());
    var peers = new ArrayList<Peer>();
    try {
      for (int i = 0; i < 10; i++) {
        var peer = Door.API_GATEWAY.connect(stage, Tokens.fresh());
        peers.add(peer);
        peer.request("job", "test.gated-job", payload).acknowledgment("job");
      }
      other.kill();
      TestActions.open(payload.getString("gate"));
      for (var peer : peers) {
        assertThat(peer.terminal(peer.acknowledgment("job").jobId()).result()).isEqualTo(payload);
      }
    } finally {
      peers.forEach(Peer::close);
    }
  }
}
