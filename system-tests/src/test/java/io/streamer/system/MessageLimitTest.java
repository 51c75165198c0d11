package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A smaller limit for messages is one for what clients send. */
@Timeout(60)
class MessageLimitTest {
  @Test
  void aResultAboveWhatClientsMaySendReachesThem() {
    // nothing ever becomes due: the worker alone can bring the end
    var stopped = InstantSource.fixed(Instant.now());
    var options =
        LocalStage.options().settings(Map.of("STREAMER_MAX_MESSAGE_BYTES", "16384")).clock(stopped);
    try (var stage = Stage.start(options);
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      var size = new JsonObject().put("bytes", 40_000).put("gate", "");
      peer.request("large", "test.sized-job", size);
      var end = peer.terminal(peer.acknowledgment("large").jobId());
      assertThat(end.result().encode()).hasSize(40_000);

      peer.send("\"" + "x".repeat(16_383) + "\"");
      assertThat(peer.closeCode()).isEqualTo(1009);
    }
  }
}
