package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of a job, as its client sees it. The order of frames is held by {@link FrameRules}. */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class JobTest {
  @Parameter Door door;

  private final String gate = UUID.randomUUID().toString();
  private final String token = Tokens.fresh();

  @Test
  void aJobIsAcknowledgedReportsItsProgressAndCompletes() {
    try (var peer = door.connect(token)) {
      var payload = new JsonObject().put("text", "héllo");
      var ack = peer.request("r-1", "echo_async", payload).next();
      assertThat(ack.type()).isEqualTo("acknowledgment");
      assertThat(ack.status()).isEqualTo("queued");
      var complete = peer.terminal(ack.jobId());
      peer.settle();

      var frames = peer.framesOf(ack.jobId());
      assertThat(frames.getFirst()).isEqualTo(ack);
      assertThat(frames.getLast()).isEqualTo(complete);
      assertThat(frames.subList(1, frames.size() - 1)).isNotEmpty().allMatch(f -> f.is("progress"));
      var percentages =
          frames.stream().filter(f -> f.is("progress")).map(Frame::percentage).toList();
      assertThat(percentages).containsExactly(0.0, 25.0, 50.0, 75.0, 100.0);
      assertThat(frames).allMatch(f -> "r-1".equals(f.requestId()));
      assertThat(complete.seq()).isEqualTo(frames.get(frames.size() - 2).seq() + 1);
      assertThat(complete.result().getJsonObject("echo")).isEqualTo(payload);
      assertThat(complete.result().fieldNames()).contains("processed_at", "handler");
    }
  }

  @Test
  void aResultIsKeptAfterItsSocketIsGone() {
    String jobId;
    try (var peer = door.connect(token)) {
      jobId = submit(peer, "r-1").jobId();
      peer.await("the start", f -> f.is("progress"));
      peer.drop();
    }
    TestActions.open(gate);
    try (var later = door.connect(token)) {
      var status = awaitEnd(later, "r-1");
      assertThat(status.getString("status")).isEqualTo("succeeded");
      assertThat(status.getString("job_id")).isEqualTo(jobId);
      assertThat(status.getDouble("percentage")).isEqualTo(100);
      assertThat(status.getJsonObject("result")).isEqualTo(new JsonObject().put("gate", gate));
      var byJob = "{\"type\":\"status\",\"id\":\"s-9\",\"job_id\":\"" + jobId + "\"}";
      assertThat(later.send(byJob).answer("s-9").data()).isEqualTo(status);
      var byId = "{\"type\":\"status\",\"id\":\"r-1\"}";
      assertThat(later.send(byId).answer("r-1").data()).isEqualTo(status);
    }
    try (var store = new Store(LocalStage.stage())) {
      assertThat(store.job(jobId).get("status").s()).isEqualTo("SUCCEEDED");
      assertThat(store.resultOf(jobId)).contains(gate);
    }
  }

  @Test
  void aStatusWhileItRunsHasNoResult() {
    try (var peer = door.connect(token)) {
      var ack = submit(peer, "r-1");
      peer.await("the start", f -> f.is("progress"));
      var status = peer.status("r-1").data();
      assertThat(status.getString("status")).isEqualTo("running");
      assertThat(status.getInteger("attempt")).isEqualTo(1);
      assertThat(status.fieldNames()).doesNotContain("result", "error");
      TestActions.open(gate);
      peer.terminal(ack.jobId());
    }
  }

  @Test
  void theSameRequestTwiceAtOnceRunsOnce() {
    try (var one = door.connect(token);
        var other = door.connect(token)) {
      for (var peer : List.of(one, other)) {
        peer.request("r-1", "test.gated-job", new JsonObject().put("gate", gate));
      }
      var acks = List.of(one.acknowledgment("r-1"), other.acknowledgment("r-1"));
      assertThat(acks).extracting(Frame::status).containsExactlyInAnyOrder("queued", "duplicate");
      var jobId = acks.getFirst().jobId();
      assertThat(acks.getLast().jobId()).isEqualTo(jobId);

      TestActions.open(gate);
      var owner = acks.getFirst().status().equals("duplicate") ? one : other;
      owner.terminal(jobId);
      assertThat(TestActions.runs(gate)).isEqualTo(1);
    }
  }

  @Test
  void aDuplicateAfterTheEndGetsTheEndAgainOnAnotherSocketOnly() {
    TestActions.open(gate);
    try (var one = door.connect(token);
        var other = door.connect(token)) {
      var jobId = submit(one, "r-1").jobId();
      var end = one.terminal(jobId);

      one.request("r-1", "test.gated-job", new JsonObject().put("gate", gate));
      var again =
          one.await("a duplicate", f -> f.is("acknowledgment") && f.status().equals("duplicate"));
      assertThat(again.json().getJsonObject("snapshot").getString("status")).isEqualTo("succeeded");
      one.settle();
      assertThat(one.framesOf(jobId)).filteredOn(Frame::isTerminal).containsExactly(end);

      assertThat(submit(other, "r-1").status()).isEqualTo("duplicate");
      var copy = other.terminal(jobId);
      assertThat(withoutTime(copy)).isEqualTo(withoutTime(end));
      assertThat(TestActions.runs(gate)).isEqualTo(1);
    }
  }

  @Test
  void theSameIdWithAnotherPayloadOrActionIsRefused() {
    TestActions.open(gate);
    try (var peer = door.connect(token)) {
      var jobId = submit(peer, "r-1").jobId();
      peer.terminal(jobId);
      var others =
          List.of(
              "{\"id\":\"r-1\",\"action\":\"test.gated-job\",\"payload\":{\"gate\":\"x\"}}",
              "{\"id\":\"r-1\",\"action\":\"test.gated-job\",\"payload\":{ \"gate\":\"%s\"}}"
                  .formatted(gate),
              "{\"id\":\"r-1\",\"action\":\"echo_async\",\"payload\":{\"gate\":\"%s\"}}"
                  .formatted(gate));
      for (var other : others) {
        var known = peer.frames();
        peer.send(other);
        var answer = peer.await("an answer", frame -> !known.contains(frame));
        assertThat(answer.is("error")).as(answer::text).isTrue();
        assertThat(answer.code()).isEqualTo("DUPLICATE_REQUEST");
        assertThat(answer.isNumbered()).isFalse();
      }
      assertThat(TestActions.runs(gate)).isEqualTo(1);
    }
  }

  @Test
  void theSameIdOfAnotherUserIsAnotherJob() {
    TestActions.open(gate);
    try (var one = door.connect(token);
        var other = door.connect(Tokens.fresh())) {
      var first = submit(one, "r-1");
      var second = submit(other, "r-1");
      assertThat(second.status()).isEqualTo("queued");
      assertThat(second.jobId()).isNotEqualTo(first.jobId());
      one.terminal(first.jobId());
      other.terminal(second.jobId());
    }
  }

  @Test
  void helloBringsARunningJobToAnotherSocket() {
    String jobId;
    long seen;
    try (var peer = door.connect(token)) {
      jobId = submit(peer, "r-1").jobId();
      seen = peer.await("the start", f -> f.is("progress")).seq();
      peer.drop();
    }
    try (var later = door.connect(token)) {
      var welcome = later.send(hello(Map.of(jobId, seen))).next();
      assertThat(welcome.type()).isEqualTo("welcome");
      assertThat(welcome.json().getBoolean("recovered")).isTrue();
      var snapshot = snapshots(welcome).getFirst();
      assertThat(snapshot.getString("job_id")).isEqualTo(jobId);
      assertThat(snapshot.getString("status")).isEqualTo("running");
      TestActions.open(gate);
      assertThat(later.terminal(jobId).seq()).isGreaterThan(seen);
    }
  }

  @Test
  void helloBringsTheEndOfAJobThatEndedMeanwhile() {
    String jobId;
    try (var peer = door.connect(token)) {
      jobId = submit(peer, "r-1").jobId();
      peer.await("the start", f -> f.is("progress"));
      peer.drop();
    }
    TestActions.open(gate);
    try (var watch = door.connect(token)) {
      awaitEnd(watch, "r-1");
    }
    try (var later = door.connect(token)) {
      var welcome = later.send(hello(Map.of(jobId, 0L))).next();
      assertThat(snapshots(welcome).getFirst().getString("status")).isEqualTo("succeeded");
      var end = later.next();
      assertThat(end.isTerminal()).isTrue();
      assertThat(end.result().getString("gate")).isEqualTo(gate);
    }
  }

  @Test
  void helloSaysWhatItCouldNotRecover() {
    TestActions.open(gate);
    String foreign;
    try (var other = door.connect(Tokens.fresh())) {
      foreign = submit(other, "r-1").jobId();
      other.terminal(foreign);
    }
    try (var peer = door.connect(token)) {
      var fresh = peer.send("{\"type\":\"hello\",\"id\":\"h-1\"}").next();
      assertThat(fresh.type()).isEqualTo("welcome");
      assertThat(fresh.requestId()).isEqualTo("h-1");
      assertThat(fresh.json().getBoolean("recovered")).isTrue();
      assertThat(snapshots(fresh)).isEmpty();
      assertThat(fresh.json().getInteger("max_message_bytes")).isEqualTo(131_072);
      for (var unknown : List.of(foreign, "A".repeat(27), "not a job id", "")) {
        var welcome = peer.send(hello(Map.of(unknown, 5L))).next();
        assertThat(welcome.type()).as(welcome::text).isEqualTo("welcome");
        assertThat(welcome.json().getBoolean("recovered")).isFalse();
        assertThat(snapshots(welcome)).isEmpty();
      }
    }
  }

  @Test
  void whatARequestWantsOfItsJobStandsWithIt() {
    var options =
        new JsonObject()
            .put("delay_ms", 3_600_000)
            .put("deadline_ms", 7_200_000)
            .put("on_disconnect", "cancel");
    try (var peer = door.connect(token);
        var store = new Store(LocalStage.stage())) {
      var request =
          new JsonObject()
              .put("id", "r-1")
              .put("action", "test.gated-job")
              .put("payload", new JsonObject().put("gate", gate))
              .put("options", options);
      var ack = peer.send(request).acknowledgment("r-1");
      assertThat(ack.status()).isEqualTo("scheduled");
      var row = store.job(ack.jobId());
      var createdAt = Long.parseLong(row.get("createdAt").n());
      assertThat(row.get("status").s()).isEqualTo("WAITING");
      assertThat(row.get("notBefore").n()).isEqualTo(Long.toString(createdAt + 3_600_000));
      assertThat(row.get("deadlineAt").n()).isEqualTo(Long.toString(createdAt + 7_200_000));
      assertThat(row.get("onDisconnect").s()).isEqualTo("cancel");
      assertThat(
              peer.send(request)
                  .await("again", f -> f.is("acknowledgment") && !f.equals(ack))
                  .status())
          .isEqualTo("duplicate");
      assertThat(TestActions.runs(gate)).isZero();
    }
  }

  @Test
  void aJobIsFollowedThroughOneDoorAfterTheOther() {
    var elsewhere = door == Door.DIRECT ? Door.API_GATEWAY : Door.DIRECT;
    String jobId;
    long seen;
    try (var peer = door.connect(token)) {
      jobId = submit(peer, "r-1").jobId();
      seen = peer.await("the start", f -> f.is("progress")).seq();
      peer.drop();
    }
    try (var there = elsewhere.connect(token)) {
      var welcome = there.send(hello(Map.of(jobId, seen))).next();
      assertThat(snapshots(welcome).getFirst().getString("status")).isEqualTo("running");
      try (var back = door.connect(token)) {
        assertThat(snapshots(back.send(hello(Map.of(jobId, seen))).next())).hasSize(1);
        TestActions.open(gate);
        assertThat(back.terminal(jobId).result().getString("gate")).isEqualTo(gate);
        assertThat(back.framesOf(jobId))
            .filteredOn(f -> f.is("progress"))
            .last()
            .returns(100.0, Frame::percentage);
      }
    }
  }

  @Test
  void anIdUsedAgainAfterItsJobIsGoneMeetsNothingOfIt() {
    var before = new JsonObject().put("gate", gate).put("note", "x".repeat(2_000));
    TestActions.open(gate);
    try (var store = new Store(LocalStage.stage())) {
      String jobId;
      String run;
      try (var peer = door.connect(token)) {
        jobId = peer.request("r-1", "test.gated-job", before).acknowledgment("r-1").jobId();
        peer.terminal(jobId);
        run = store.job(jobId).get("run").s();
      }
      // as its TTL does
      store.removeJob(jobId);
      try (var peer = door.connect(token)) {
        assertThat(peer.status("r-1").code()).isEqualTo("NOT_FOUND");
        var after = UUID.randomUUID().toString();
        var ack = peer.request("r-1", "test.gated-job", new JsonObject().put("gate", after));
        assertThat(ack.acknowledgment("r-1").status()).isEqualTo("queued");
        TestActions.open(after);
        assertThat(peer.terminal(jobId).result().getString("gate")).isEqualTo(after);
        assertThat(store.job(jobId).get("run").s()).isNotEqualTo(run);
      }
    }
  }

  @Test
  void aJobThatFailsTellsNothingOfItsInside() {
    try (var peer = door.connect(token)) {
      var ack = peer.request("r-1", "test.broken-job", new JsonObject()).acknowledgment("r-1");
      var end = peer.terminal(ack.jobId());
      assertThat(end.code()).isEqualTo("PROCESSING_FAILED");
      assertThat(end.text()).doesNotContain("swordfish", "Exception");
      var status = peer.status("r-1").data();
      assertThat(status.getString("status")).isEqualTo("failed");
      assertThat(status.getJsonObject("error")).isEqualTo(end.error());
    }
  }

  private Frame submit(Peer peer, String id) {
    return peer.request(id, "test.gated-job", new JsonObject().put("gate", gate))
        .acknowledgment(id);
  }

  private static JsonObject awaitEnd(Peer peer, String requestId) {
    return Until.matches(
        requestId + " ends",
        () -> peer.status(requestId).data(),
        data -> List.of("succeeded", "failed").contains(data.getString("status")));
  }

  private static String hello(Map<String, Long> lastSeq) {
    var jobs = new JsonObject();
    lastSeq.forEach(jobs::put);
    return new JsonObject().put("type", "hello").put("last_seq", jobs).encode();
  }

  private static List<JsonObject> snapshots(Frame welcome) {
    return welcome.json().getJsonArray("jobs").stream()
        .map(attached -> ((JsonObject) attached).getJsonObject("snapshot"))
        .toList();
  }

  private static JsonObject withoutTime(Frame frame) {
    var json = frame.json().copy();
    json.remove("timestamp");
    return json;
  }
}
