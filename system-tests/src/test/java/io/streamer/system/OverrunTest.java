package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.stage.Stage;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonArray;
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

  @Test
  void aCancelEndsAnOverrunAndInterruptsItsHandler() {
    try (var peer = door.connect(stage, token);
        var other = door.connect(stage, token)) {
      var jobId = peer.request("r-1", "test.gated", payload).next().jobId();
      var cancel = new JsonObject().put("type", "cancel").put("id", "c-1").put("job_id", jobId);
      assertThat(other.send(cancel).answer("c-1").data().getString("status")).isEqualTo("running");
      assertThat(peer.terminal(jobId).code()).isEqualTo("CANCELLED");
      assertThat(peer.status("r-1").data().getString("status")).isEqualTo("cancelled");
      // nobody has opened the gate
      Until.holds("the handler is through", stage.gateway()::idle);
    }
  }

  @Test
  void whatAnOverrunSaidLastComesBeforeItsFailure() {
    try (var peer = door.connect(stage, token)) {
      var jobId = peer.request("r-1", "test.last-words", payload).next().jobId();
      peer.await("how far it is", f -> f.is("progress"));
      TestActions.open(gate);
      assertThat(peer.terminal(jobId).code()).isEqualTo("PROCESSING_FAILED");
      assertThat(peer.framesOf(jobId))
          .filteredOn(f -> f.is("progress"))
          .last()
          .satisfies(last -> assertThat(last.json().getString("message")).isEqualTo("last words"));
    }
  }

  @Test
  void anOverrunEndsWithItsDeadline() {
    try (var peer = door.connect(stage, token)) {
      var request =
          new JsonObject()
              .put("id", "r-1")
              .put("action", "test.gated")
              .put("payload", payload)
              .put("options", new JsonObject().put("deadline_ms", 200));
      var jobId = peer.send(request).acknowledgment("r-1").jobId();
      assertThat(peer.terminal(jobId).code()).isEqualTo("TIMEOUT");
      assertThat(peer.status("r-1").data().getString("status")).isEqualTo("timed_out");
      Until.holds("the handler is through", stage.gateway()::idle);
    }
  }

  @Test
  void callsThatBecameJobsKeepNoSocketFromBeingRead() {
    var large = payload.copy().put("pad", "x".repeat(100_000));
    try (var peer = Door.DIRECT.connect(stage, token)) {
      for (int i = 0; i < 11; i++) {
        peer.request("r-" + i, "test.gated", large);
        peer.acknowledgment("r-" + i);
      }
      assertThat(peer.status("r-0").data().getString("status")).isEqualTo("running");
      assertThat(stage.gateway().idle()).as("a stop does not wait for them").isFalse();
      TestActions.open(gate);
      for (int i = 0; i < 11; i++) {
        peer.terminal(peer.acknowledgment("r-" + i).jobId());
      }
      Until.holds("the handlers are through", stage.gateway()::idle);
    }
  }

  @Test
  void aSubscriberFollowsAnOverrun() {
    try (var peer = door.connect(stage, token);
        var other = door.connect(stage, token);
        var ends = door.connect(stage, token);
        var store = new Store(stage)) {
      var jobId = peer.request("r-1", "test.gated", payload).next().jobId();
      var subscribe =
          new JsonObject().put("type", "subscribe").put("id", "s-1").put("request_id", "r-1");
      assertThat(other.send(subscribe).answer("s-1").snapshot().getString("status"))
          .isEqualTo("running");
      ends.send(subscribe.copy().put("frames", new JsonArray().add("terminal"))).answer("s-1");
      other.await("how far it is", f -> f.is("progress"));
      TestActions.open(gate);
      assertThat(other.terminal(jobId).result()).isEqualTo(payload);
      assertThat(peer.terminal(jobId).result()).isEqualTo(payload);
      ends.terminal(jobId);
      assertThat(ends.settle().framesOf(jobId)).hasSize(1);
      store.awaitNoSubscriptions(jobId);
      store.awaitDelivered(jobId);
    }
  }

  @Test
  void whoSubscribesToProgressSeesNoEndAndWhoHasUnsubscribedNothing() {
    try (var peer = door.connect(stage, token);
        var other = door.connect(stage, token)) {
      var jobId = peer.request("r-1", "test.gated", payload).next().jobId();
      var subscribe =
          new JsonObject()
              .put("type", "subscribe")
              .put("id", "s-1")
              .put("job_id", jobId)
              .put("frames", new JsonArray().add("progress"));
      other.send(subscribe).answer("s-1");
      other.await("how far it is", f -> f.is("progress"));
      var before = other.framesOf(jobId);
      if (door == Door.DIRECT) {
        var unsubscribe =
            new JsonObject().put("type", "unsubscribe").put("id", "u-1").put("job_id", jobId);
        other.send(unsubscribe).answer("u-1");
      }
      TestActions.open(gate);
      peer.terminal(jobId);
      var after = other.settle().framesOf(jobId);
      assertThat(after).noneMatch(Frame::isTerminal);
      if (door == Door.DIRECT) {
        assertThat(after).isEqualTo(before);
      }
    }
  }

  @Test
  void anOverrunThatSomebodyElseHasTakenSaysNothingMore() {
    try (var peer = door.connect(stage, token);
        var store = new Store(stage)) {
      var jobId = peer.request("r-1", "test.gated", payload).next().jobId();
      peer.await("how far it is", f -> f.is("progress"));
      store.takeJob(jobId);
      Until.holds("the handler is through", stage.gateway()::idle);
      assertThat(peer.settle().framesOf(jobId)).noneMatch(Frame::isTerminal);
      assertThat(store.job(jobId).get("status").s()).isEqualTo("FAILED");
    }
  }
}
