package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A job is cancelled by its owner, or by whoever may; jobs here wait, so that they are caught. */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class CancelTest {
  private static final int DAY_MS = 86_400_000;

  @Parameter Door door;

  private final String tenant = "tenant-" + UUID.randomUUID();
  private final String gate = UUID.randomUUID().toString();

  @Test
  void aJobThatWaitsForItsTimeEndsAtOnce() {
    try (var peer = door.connect(Tokens.of("ann", tenant));
        var store = new Store(LocalStage.stage())) {
      var jobId = later(peer, "r-1");
      var answer = cancel(peer, "c-1", new JsonObject().put("request_id", "r-1"));
      assertThat(answer.is("response")).as(answer::text).isTrue();
      assertThat(answer.data().getString("status")).isEqualTo("cancelled");
      assertThat(answer.data().getString("job_id")).isEqualTo(jobId);
      var end = peer.terminal(jobId);
      assertThat(end.code()).isEqualTo("CANCELLED");
      assertThat(end.seq()).isEqualTo(answer.data().getLong("seq"));
      if (door == Door.DIRECT) {
        var frames = peer.frames();
        assertThat(frames.indexOf(answer)).isLessThan(frames.indexOf(end));
      }
      assertThat(peer.status("r-1").data().getString("status")).isEqualTo("cancelled");
      assertThat(store.job(jobId).get("status").s()).isEqualTo("CANCELLED");
      store.awaitDelivered(jobId);
      assertThat(TestActions.runs(gate)).isZero();
    }
  }

  @Test
  void anotherConnectionOfItsOwnerCancelsAndItsOwnHearsOfIt() {
    try (var one = door.connect(Tokens.of("ann", tenant));
        var other = door.connect(Tokens.of("ann", tenant))) {
      var jobId = later(one, "r-1");
      var answer = cancel(other, "c-1", new JsonObject().put("job_id", jobId));
      assertThat(answer.data().getString("status")).isEqualTo("cancelled");
      assertThat(one.terminal(jobId).code()).isEqualTo("CANCELLED");
      assertThat(other.settle().framesOf(jobId)).isEmpty();
    }
  }

  @Test
  void aRunIsInterruptedAndItsEndSeenWithinTwoSecondsWhoeverOfTheUserCancels() throws Exception {
    try (var one = door.connect(Tokens.of("ann", tenant));
        var other = door.connect(Tokens.of("ann", tenant))) {
      Promptness.within(
          Duration.ofSeconds(2),
          () -> {
            var id = UUID.randomUUID().toString();
            int runs = TestActions.runs(gate);
            var jobId = one.request(id, "test.gated-job", payload()).acknowledgment(id).jobId();
            Until.matches("it runs", () -> TestActions.runs(gate), now -> now > runs);
            return Promptness.of(() -> {
              cancel(other, "of " + id, new JsonObject().put("job_id", jobId));
              assertThat(one.terminal(jobId).code()).isEqualTo("CANCELLED");
            });
          });
    }
  }

  @Test
  void aCancelTwiceIsAnsweredTwiceAndTheEndIsToldOnce() {
    try (var peer = door.connect(Tokens.of("ann", tenant))) {
      var jobId = later(peer, "r-1");
      cancel(peer, "c-1", new JsonObject().put("job_id", jobId));
      var end = peer.terminal(jobId);
      var again = cancel(peer, "c-2", new JsonObject().put("job_id", jobId));
      assertThat(again.data().getString("status")).isEqualTo("cancelled");
      assertThat(peer.settle().framesOf(jobId)).filteredOn(Frame::isTerminal).containsExactly(end);
    }
  }

  @Test
  void whatHasEndedStaysAsItEnded() {
    TestActions.open(gate);
    try (var peer = door.connect(Tokens.of("ann", tenant))) {
      var jobId = peer.request("r-1", "test.gated-job", payload()).acknowledgment("r-1").jobId();
      peer.terminal(jobId);
      var answer = cancel(peer, "c-1", new JsonObject().put("request_id", "r-1"));
      assertThat(answer.data().getString("status")).isEqualTo("succeeded");
      assertThat(peer.status("r-1").data().getString("status")).isEqualTo("succeeded");
    }
  }

  @Test
  void anotherUserNeedsThePermissionAndTheJobsId() {
    try (var ann = door.connect(Tokens.of("ann", tenant));
        var bob = door.connect(Tokens.of("bob", tenant, "jobs:read"));
        var chief = door.connect(Tokens.of("chief", tenant, "jobs:cancel"))) {
      var jobId = later(ann, "r-1");
      assertThat(cancel(bob, "c-1", new JsonObject().put("job_id", jobId)).code())
          .isEqualTo("NOT_FOUND");
      assertThat(cancel(chief, "c-2", new JsonObject().put("request_id", "r-1")).code())
          .isEqualTo("NOT_FOUND");
      assertThat(ann.status("r-1").data().getString("status")).isEqualTo("waiting");
      assertThat(
              cancel(chief, "c-3", new JsonObject().put("job_id", jobId))
                  .data()
                  .getString("status"))
          .isEqualTo("cancelled");
      assertThat(ann.terminal(jobId).code()).isEqualTo("CANCELLED");
    }
  }

  @Test
  void whatIsUnknownOrNoJobIdIsNotFound() {
    try (var peer = door.connect(Tokens.of("ann", tenant, "jobs:cancel"))) {
      for (var name : new String[] {"A".repeat(27), "no job id"}) {
        var answer = cancel(peer, name, new JsonObject().put("job_id", name));
        assertThat(answer.code()).isEqualTo("NOT_FOUND");
      }
      assertThat(cancel(peer, "c-9", new JsonObject().put("request_id", "never-sent")).code())
          .isEqualTo("NOT_FOUND");
    }
  }

  private JsonObject payload() {
    return new JsonObject().put("gate", gate);
  }

  private String later(Peer peer, String id) {
    var ack =
        peer.send(
                new JsonObject()
                    .put("id", id)
                    .put("action", "test.gated-job")
                    .put("payload", payload())
                    .put("options", new JsonObject().put("delay_ms", DAY_MS)))
            .acknowledgment(id);
    assertThat(ack.status()).isEqualTo("scheduled");
    return ack.jobId();
  }

  private static Frame cancel(Peer peer, String id, JsonObject named) {
    return peer.send(named.copy().put("type", "cancel").put("id", id)).answer(id);
  }
}
