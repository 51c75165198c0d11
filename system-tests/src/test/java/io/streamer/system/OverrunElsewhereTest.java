package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A handler that runs in one gateway's process is followed and stopped from another's. */
@Timeout(120)
class OverrunElsewhereTest {
  @Test
  void anotherGatewayWatchesAnOverrunAndCancelsIt() throws Exception {
    var token = Tokens.fresh();
    var payload = new JsonObject().put("gate", UUID.randomUUID().toString());
    try (var stage = LocalStage.start(Map.of("STREAMER_SYNC_THRESHOLD", "100ms"));
        var elsewhere = GatewayProcess.start(stage);
        var peer = Door.DIRECT.connect(stage, token);
        var there = Door.DIRECT.connect(elsewhere.direct(), token)) {
      var jobId = peer.request("r-1", "test.gated", payload).acknowledgment("r-1").jobId();
      var named = new JsonObject().put("job_id", jobId);
      there.send(named.copy().put("type", "subscribe").put("id", "s-1")).answer("s-1");
      there.await("how far it is", f -> f.is("progress"));

      var answer = there.send(named.copy().put("type", "cancel").put("id", "c-1")).answer("c-1");
      assertThat(answer.data().getString("status")).isEqualTo("running");
      assertThat(peer.terminal(jobId).code()).isEqualTo("CANCELLED");
      assertThat(there.terminal(jobId).code()).isEqualTo("CANCELLED");
    }
  }
}
