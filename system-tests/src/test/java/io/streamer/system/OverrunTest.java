package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.Stage;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A handler that is slower than it promised goes on as a job, on a stage with a low threshold. */
@ParameterizedClass
@EnumSource(Door.class)
class OverrunTest {
  @Parameter Door door;

  private static Stage stage;

  private final String gate = UUID.randomUUID().toString();
  private final JsonObject payload = new JsonObject().put("gate", gate);
  private final String token = Tokens.fresh();

  @BeforeAll
  static void start() {
    stage = LocalStage.start(Map.of("STREAMER_SYNC_THRESHOLD", "100ms"));
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @Test
  void anOverrunIsAcknowledgedStoredAndEndsLikeAJob() {
    try (var peer = door.connect(stage, token);
        var store = new Store(stage)) {
      var ack = peer.request("r-1", "test.gated", payload).next();
      assertThat(ack.type()).isEqualTo("acknowledgment");
      assertThat(ack.status()).isEqualTo("running");
      var row = store.job(ack.jobId());
      assertThat(row.get("status").s()).isEqualTo("RUNNING");
      assertThat(row).doesNotContainKey("start");
      assertThat(peer.status("r-1").data().getString("status")).isEqualTo("running");

      TestActions.open(gate);
      var end = peer.terminal(ack.jobId());
      assertThat(end.type()).isEqualTo("complete");
      assertThat(end.requestId()).isEqualTo("r-1");
      assertThat(end.result()).isEqualTo(payload);
      assertThat(peer.status("r-1").data().getJsonObject("result")).isEqualTo(payload);
      assertThat(store.job(ack.jobId()).get("status").s()).isEqualTo("SUCCEEDED");
      peer.settle();
      assertThat(peer.frames()).noneMatch(f -> f.is("response") && "r-1".equals(f.requestId()));
      assertThat(TestActions.runs(gate)).isEqualTo(1);
    }
  }

  @Test
  void anOverrunOutlivesItsSocket() {
    String jobId;
    try (var peer = door.connect(stage, token)) {
      jobId = peer.request("r-1", "test.gated", payload).next().jobId();
      peer.drop();
    }
    try (var later = door.connect(stage, token)) {
      later.send(
          new JsonObject().put("type", "hello").put("last_seq", new JsonObject().put(jobId, 0)));
      assertThat(later.next().type()).isEqualTo("welcome");
      TestActions.open(gate);
      assertThat(later.terminal(jobId).result()).isEqualTo(payload);
    }
  }

  @Test
  void theSameOverrunTwiceIsOneJob() {
    try (var one = door.connect(stage, token);
        var other = door.connect(stage, token)) {
      var first = one.request("r-1", "test.gated", payload).next();
      assertThat(first.status()).isEqualTo("running");
      var second = other.request("r-1", "test.gated", payload).next();
      assertThat(second.status()).isEqualTo("duplicate");
      assertThat(second.jobId()).isEqualTo(first.jobId());
      TestActions.open(gate);
      assertThat(other.terminal(first.jobId()).result()).isEqualTo(payload);
    }
  }

  @Test
  void anOverrunWithTheIdOfAnotherRequestIsRefused() {
    var otherGate = UUID.randomUUID().toString();
    try (var peer = door.connect(stage, token)) {
      var first = peer.request("r-1", "test.gated", payload).next();
      peer.request("r-1", "test.gated", new JsonObject().put("gate", otherGate));
      var clash = peer.await("an error", f -> f.is("error"));
      assertThat(clash.code()).isEqualTo("DUPLICATE_REQUEST");
      TestActions.open(otherGate);
      TestActions.open(gate);
      assertThat(peer.terminal(first.jobId()).result()).isEqualTo(payload);
    }
  }
}
