package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
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

  @Test
  void theSameRequestAtBothAtOnceIsOneJob() throws Exception {
    var token = Tokens.fresh();
    try (var peer = Door.DIRECT.connect(one.direct(), token);
        var second = Door.DIRECT.connect(other.direct(), token)) {
      for (int i = 0; i < 10; i++) {
        var id = "job-" + i;
        var gate = UUID.randomUUID().toString();
        var payload = new JsonObject().put("gate", gate);
        peer.request(id, "test.gated-job", payload);
        second.request(id, "test.gated-job", payload);
        var acks = List.of(peer.acknowledgment(id), second.acknowledgment(id));
        assertThat(acks).extracting(Frame::status).containsExactlyInAnyOrder("queued", "duplicate");
        TestActions.open(gate);
        var jobId = acks.getFirst().jobId();
        var repeated = acks.getFirst().status().equals("duplicate") ? peer : second;
        assertThat(repeated.terminal(jobId).result()).isEqualTo(payload);
        assertThat(TestActions.runs(gate)).isEqualTo(1);
      }
    }
  }

  @Test
  void aJobIsCancelledAndWatchedFromTheOther() throws Exception {
    var token = Tokens.fresh();
    try (var peer = Door.DIRECT.connect(one.direct(), token);
        var second = Door.DIRECT.connect(other.direct(), token);
        var third = Door.API_GATEWAY.connect(stage, token)) {
      var request =
          new JsonObject()
              .put("id", "r-1")
              .put("action", "test.gated-job")
              .put("payload", new JsonObject().put("gate", "never"))
              .put("options", new JsonObject().put("delay_ms", 3_600_000));
      var jobId = peer.send(request).acknowledgment("r-1").jobId();
      third.send("{\"type\":\"subscribe\",\"id\":\"s-1\",\"request_id\":\"r-1\"}").answer("s-1");
      second.send("{\"type\":\"cancel\",\"id\":\"c-1\",\"request_id\":\"r-1\"}").answer("c-1");
      assertThat(peer.terminal(jobId).code()).isEqualTo("CANCELLED");
      assertThat(third.terminal(jobId).code()).isEqualTo("CANCELLED");
    }
  }
}
