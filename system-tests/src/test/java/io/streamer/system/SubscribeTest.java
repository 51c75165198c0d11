package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Connections watch jobs that are not theirs. The gateway itself ends the jobs here, so that who is
 * told is the gateway's doing alone.
 */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class SubscribeTest {
  @Parameter Door door;

  private final String tenant = "tenant-" + UUID.randomUUID();

  @Test
  void aSubscriberGetsTheSnapshotAndThenTheEnd() {
    try (var ann = door.connect(Tokens.of("ann", tenant));
        var bob = door.connect(Tokens.of("bob", tenant, "jobs:read"));
        var store = new Store(LocalStage.stage())) {
      var jobId = later(ann, "r-1");
      var answer = subscribe(bob, "s-1", jobId, List.of());
      assertThat(answer.snapshot().getString("status")).isEqualTo("waiting");
      assertThat(answer.snapshot().getString("request_id")).isEqualTo("r-1");
      assertThat(answer.events()).isEmpty();
      cancel(ann, jobId);
      var end = bob.terminal(jobId);
      assertThat(end.code()).isEqualTo("CANCELLED");
      assertThat(end.requestId()).isEqualTo("r-1");
      assertThat(end.seq()).isEqualTo(ann.terminal(jobId).seq());
      store.awaitNoSubscriptions(jobId);
    }
  }

  @Test
  void whoAsksForProgressAloneSeesNoEnd() {
    try (var ann = door.connect(Tokens.of("ann", tenant));
        var bob = door.connect(Tokens.of("bob", tenant, "jobs:read"));
        var witness = door.connect(Tokens.of("bob", tenant, "jobs:read"))) {
      var jobId = later(ann, "r-1");
      subscribe(bob, "s-1", jobId, List.of("progress"));
      subscribe(witness, "s-1", jobId, List.of("terminal"));
      cancel(ann, jobId);
      ann.terminal(jobId);
      witness.terminal(jobId);
      assertThat(bob.settle().framesOf(jobId)).isEmpty();
    }
  }

  @Test
  void aSubscriptionTakesThePlaceOfTheOneBefore() {
    try (var ann = door.connect(Tokens.of("ann", tenant));
        var bob = door.connect(Tokens.of("bob", tenant, "jobs:read"))) {
      var jobId = later(ann, "r-1");
      subscribe(bob, "s-1", jobId, List.of("progress"));
      subscribe(bob, "s-2", jobId, List.of("terminal"));
      cancel(ann, jobId);
      bob.terminal(jobId);
    }
  }

  @Test
  void whoHasUnsubscribedSeesNothingMore() {
    try (var ann = door.connect(Tokens.of("ann", tenant));
        var bob = door.connect(Tokens.of("bob", tenant, "jobs:read"));
        var witness = door.connect(Tokens.of("bob", tenant, "jobs:read"))) {
      var jobId = later(ann, "r-1");
      subscribe(bob, "s-1", jobId, List.of());
      subscribe(witness, "s-1", jobId, List.of());
      assertThat(unsubscribe(bob, "u-1", jobId)).isTrue();
      assertThat(unsubscribe(bob, "u-2", jobId)).isFalse();
      cancel(ann, jobId);
      witness.terminal(jobId);
      ann.terminal(jobId);
      assertThat(bob.settle().framesOf(jobId)).isEmpty();
    }
  }

  @Test
  void whoDoesNotSeeAJobChangesNothingOfItByUnsubscribing() {
    try (var ann = door.connect(Tokens.of("ann", tenant));
        var stranger = door.connect(Tokens.of("eve", tenant));
        var store = new Store(LocalStage.stage())) {
      var jobId = later(ann, "r-1");
      assertThat(unsubscribe(stranger, "u-1", jobId)).isFalse();
      assertThat(store.job(jobId)).doesNotContainKey("watch");
    }
  }

  @Test
  void itsOwnerHasEverythingWhateverItSubscribesTo() {
    try (var ann = door.connect(Tokens.of("ann", tenant))) {
      var jobId = later(ann, "r-1");
      subscribe(ann, "s-1", jobId, List.of("progress"));
      assertThat(unsubscribe(ann, "u-1", jobId)).isTrue();
      subscribe(ann, "s-2", jobId, List.of("progress"));
      cancel(ann, jobId);
      assertThat(ann.terminal(jobId).code()).isEqualTo("CANCELLED");
    }
  }

  @Test
  void ofAJobThatHasEndedComesTheEndToWhoeverWantsIt() {
    try (var ann = door.connect(Tokens.of("ann", tenant));
        var bob = door.connect(Tokens.of("bob", tenant, "jobs:read"));
        var store = new Store(LocalStage.stage())) {
      var jobId = later(ann, "r-1");
      cancel(ann, jobId);
      var end = ann.terminal(jobId);
      var little = subscribe(bob, "s-1", jobId, List.of("progress", "event"));
      assertThat(little.snapshot().getString("status")).isEqualTo("cancelled");
      assertThat(bob.settle().framesOf(jobId)).isEmpty();
      subscribe(bob, "s-2", jobId, List.of());
      assertThat(bob.terminal(jobId).seq()).isEqualTo(end.seq());
      store.awaitNoSubscriptions(jobId);
    }
  }

  @Test
  void aJobOfTheTenantNeedsThePermissionAndItsId() {
    try (var ann = door.connect(Tokens.of("ann", tenant));
        var bob = door.connect(Tokens.of("bob", tenant, "jobs:cancel"));
        var reader = door.connect(Tokens.of("reader", tenant, "jobs:read"))) {
      var jobId = later(ann, "r-1");
      assertThat(ask(bob, "s-1", jobId).code()).isEqualTo("NOT_FOUND");
      var byRequest =
          new JsonObject().put("type", "subscribe").put("id", "s-2").put("request_id", "r-1");
      assertThat(reader.send(byRequest).answer("s-2").code()).isEqualTo("NOT_FOUND");
      cancel(ann, jobId);
      ann.terminal(jobId);
      assertThat(bob.settle().framesOf(jobId)).isEmpty();
    }
  }

  @Test
  void anotherTenantSeesNoneOfIt() {
    try (var ann = door.connect(Tokens.of("ann", tenant));
        var foreign =
            door.connect(Tokens.of("ann", "other-" + tenant, "jobs:read", "jobs:cancel"))) {
      var jobId = later(ann, "r-1");
      for (var type : List.of("status", "subscribe", "cancel")) {
        var frame = new JsonObject().put("type", type).put("id", type).put("job_id", jobId);
        assertThat(foreign.send(frame).answer(type).code()).isEqualTo("NOT_FOUND");
        frame.put("id", type + "-2").remove("job_id");
        frame.put("request_id", "r-1");
        assertThat(foreign.send(frame).answer(type + "-2").code()).isEqualTo("NOT_FOUND");
      }
      assertThat(unsubscribe(foreign, "u-1", jobId)).isFalse();
      assertThat(ann.status("r-1").data().getString("status")).isEqualTo("waiting");

      var same = later(foreign, "r-1");
      assertThat(same).isNotEqualTo(jobId);
      cancel(ann, jobId);
      ann.terminal(jobId);
      assertThat(foreign.status("r-1").data().getString("status")).isEqualTo("waiting");
      assertThat(foreign.settle().framesOf(jobId)).isEmpty();
    }
  }

  @Test
  void aConnectionSubscribesToSoManyJobsAndNoMore() {
    try (var ann = door.connect(Tokens.of("ann", tenant));
        var store = new Store(LocalStage.stage())) {
      var first = later(ann, "r-1");
      var second = later(ann, "r-2");
      subscribe(ann, "s-1", first, List.of());
      var connection = store.subscriptions(first).getFirst();
      for (int i = 1; i < 256; i++) {
        store.putSubscription("job#" + tenant + i, connection);
      }
      var refused = ask(ann, "s-2", second);
      assertThat(refused.code()).isEqualTo("RATE_LIMITED");
      assertThat(refused.error().getJsonObject("details").getString("limit"))
          .isEqualTo("subscriptions");
      assertThat(store.subscriptions(second)).isEmpty();
      subscribe(ann, "s-3", first, List.of("progress"));
      assertThat(unsubscribe(ann, "u-1", first)).isTrue();
      subscribe(ann, "s-4", second, List.of());
    }
  }

  @Test
  void aConnectionThatLeavesTakesItsSubscriptionsAlong() {
    try (var ann = door.connect(Tokens.of("ann", tenant));
        var store = new Store(LocalStage.stage())) {
      var jobId = later(ann, "r-1");
      var bob = door.connect(Tokens.of("bob", tenant, "jobs:read"));
      subscribe(bob, "s-1", jobId, List.of());
      assertThat(store.subscriptions(jobId)).hasSize(1);
      bob.close();
      store.awaitNoSubscriptions(jobId);
      cancel(ann, jobId);
    }
  }

  private static String later(Peer peer, String id) {
    var ack =
        peer.send(
                new JsonObject()
                    .put("id", id)
                    .put("action", "test.gated-job")
                    .put("payload", new JsonObject().put("gate", "never"))
                    .put("options", new JsonObject().put("delay_ms", 86_400_000)))
            .acknowledgment(id);
    assertThat(ack.status()).isEqualTo("scheduled");
    return ack.jobId();
  }

  private static Frame ask(Peer peer, String id, String jobId) {
    var frame = new JsonObject().put("type", "subscribe").put("id", id).put("job_id", jobId);
    return peer.send(frame).answer(id);
  }

  private static Frame subscribe(Peer peer, String id, String jobId, List<String> kinds) {
    var frame = new JsonObject().put("type", "subscribe").put("id", id).put("job_id", jobId);
    if (!kinds.isEmpty()) {
      frame.put("frames", new JsonArray(kinds));
    }
    var answer = peer.send(frame).answer(id);
    assertThat(answer.is("response")).as(answer::text).isTrue();
    return answer;
  }

  private static boolean unsubscribe(Peer peer, String id, String jobId) {
    var frame = new JsonObject().put("type", "unsubscribe").put("id", id).put("job_id", jobId);
    return peer.send(frame).answer(id).data().getBoolean("unsubscribed");
  }

  private static void cancel(Peer peer, String jobId) {
    var id = UUID.randomUUID().toString();
    peer.send(new JsonObject().put("type", "cancel").put("id", id).put("job_id", jobId));
    assertThat(peer.answer(id).data().getString("status")).isEqualTo("cancelled");
  }
}
