package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.When;
import io.streamer.local.stage.Stage;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.protocol.ServerFrame.Rewind;
import io.streamer.shared.push.Pushed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Whoever comes back has what was missed, in order, whichever way it comes back. */
@ParameterizedClass
@EnumSource(Door.class)
class ResumeTest {
  private static final int ANSWER_BYTES = 100 * 1024;

  @Parameter Door door;

  private static Stage stage;
  private static HandWorker worker;

  private final String tenant = "tenant-" + UUID.randomUUID();
  private final String token = Tokens.of("ann", tenant);

  @BeforeAll
  static void start() {
    stage = LocalStage.start(Map.of());
    worker = new HandWorker(stage);
  }

  @AfterAll
  static void stop() {
    worker.close();
    stage.close();
  }

  @Test
  void helloBringsTheEventsThatWereMissed() {
    var job = withEvents("r-1", 3);
    var jobId = job.id().value();
    try (var peer = door.connect(stage, token)) {
      assertThat(events(hello(peer, "h-1", Map.of(jobId, 0L)), 0)).containsExactly(1, 2, 3);
      var later = hello(peer, "h-2", Map.of(jobId, job.firstSeq() + 1));
      assertThat(events(later, 0)).containsExactly(2, 3);
      assertThat(later.json().getBoolean("recovered")).isTrue();
      var last = hello(peer, "h-3", Map.of(jobId, job.firstSeq() + 3));
      assertThat(events(last, 0)).isEmpty();
    }
  }

  @Test
  void whatComesBehindTheWelcomeIsLive() throws Exception {
    var job = withEvents("r-1", 2);
    try (var peer = door.connect(stage, token)) {
      hello(peer, "h-1", Map.of(job.id().value(), 0L));
      job = worker.emit(job, HandWorker.event(job, 3));
      assertThat(worker.push(job, HandWorker.event(job, 3))).isInstanceOf(Pushed.Delivered.class);
      assertThat(peer.await("the event", f -> f.is("event")).json().getJsonObject("data"))
          .isEqualTo(new JsonObject().put("n", 3));
      var ended = worker.succeed(job, 5);
      worker.pushEnd(ended);
      assertThat(peer.terminal(job.id().value()).seq()).isEqualTo(ended.seq());
    }
  }

  @Test
  void whatTheAnswerHadIsNotSentAgainOnADirectSocket() throws Exception {
    var job = withEvents("r-1", 2);
    try (var peer = Door.DIRECT.connect(stage, token)) {
      hello(peer, "h-1", Map.of(job.id().value(), 0L));
      // as whoever takes the job over does
      worker.push(job, HandWorker.event(job, 2));
      assertThat(peer.settle().framesOf(job.id().value())).isEmpty();
    }
  }

  @Test
  void theEndFollowsTheWelcomeAndWhatWasMissed() {
    var job = withEvents("r-1", 2);
    var ended = worker.succeed(job, 4);
    try (var peer = door.connect(stage, token)) {
      var welcome = hello(peer, "h-1", Map.of(job.id().value(), job.firstSeq() + 1));
      assertThat(events(welcome, 0)).containsExactly(2);
      var end = peer.terminal(job.id().value());
      assertThat(end.seq()).isEqualTo(ended.seq());
      assertThat(end.result()).isEqualTo(new JsonObject().put("done", true));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "subscribe"})
  void whereTheEndCannotBeReadThereIsNoAnswerButAnError(String how) {
    var job = withEvents("r-1", 2);
    var jobId = job.id().value();
    worker.succeed(job, 4, large(1));
    try (var peer = door.connect(stage, token)) {
      var results = FaultRule.Requests.ANY.operation("GetItem").table("job_data");
      stage.faults().add(FaultRule.store(results, When.ALWAYS, new Fault.Fail()));
      try {
        assertThat(ask(peer, how, "a-1", jobId).code()).isEqualTo("SERVICE_UNAVAILABLE");
        assertThat(peer.settle().frames())
            .noneMatch(frame -> frame.is("welcome") || frame.is("response"));
      } finally {
        stage.faults().clear();
      }
      assertThat(ask(peer, how, "a-2", jobId).is("error")).isFalse();
      assertThat(peer.terminal(jobId).result().getInteger("n")).isEqualTo(1);
    }
  }

  private static Frame ask(Peer peer, String how, String id, String jobId) {
    return how.equals("hello")
        ? hello(peer, id, Map.of(jobId, 0L))
        : subscribe(peer, id, jobId, 0L);
  }

  @Test
  void whoHasSeenMoreThanThereIsTakesWhatThereIsForTheTruth() throws Exception {
    var job = withEvents("r-1", 2);
    var jobId = job.id().value();
    try (var peer = door.connect(stage, token)) {
      var ahead = job.firstSeq() + 2_000_000_000L;
      var running = hello(peer, "h-1", Map.of(jobId, ahead));
      assertThat(running.json().getBoolean("recovered")).isFalse();
      assertThat(events(running, 0)).containsExactly(1, 2);
      var ended = worker.succeed(job, 5);
      worker.pushEnd(ended);
      assertThat(peer.terminal(jobId).seq()).isEqualTo(ended.seq());
    }
    try (var peer = door.connect(stage, token)) {
      var over = hello(peer, "h-1", Map.of(jobId, job.firstSeq() + 6));
      assertThat(over.json().getBoolean("recovered")).isFalse();
      assertThat(events(over, 0)).containsExactly(1, 2);
      assertThat(peer.terminal(jobId).result()).isEqualTo(new JsonObject().put("done", true));
    }
    try (var peer = door.connect(stage, token)) {
      var same = hello(peer, "h-1", Map.of(jobId, job.firstSeq() + 5));
      assertThat(same.json().getBoolean("recovered")).isTrue();
    }
  }

  @Test
  void aSocketThatHadMoreThanThereIsGetsTheEndAllTheSame() throws Exception {
    var job = withEvents("r-1", 1);
    var jobId = job.id().value();
    try (var raw = new RawSocket(stage.direct(), token)) {
      raw.send(helloFrame("h-1", jobId, 0));
      raw.text();
      // as before its table was set back
      worker.push(job, HandWorker.event(job, 9));
      assertThat(Frame.of(raw.text()).seq()).isEqualTo(job.firstSeq() + 9);
      var ended = worker.succeed(job, 5);
      raw.send(helloFrame("h-2", jobId, job.firstSeq() + 9));
      assertThat(Frame.of(raw.text()).json().getBoolean("recovered")).isFalse();
      assertThat(Frame.of(raw.text()).seq()).isEqualTo(ended.seq());
    }
  }

  private static String helloFrame(String id, String jobId, long seq) {
    return new JsonObject()
        .put("type", "hello")
        .put("id", id)
        .put("last_seq", new JsonObject().put(jobId, seq))
        .encode();
  }

  @Test
  void aRowThatCannotBeReadIsLeftOut() {
    var job = withEvents("r-1", 1);
    var odd = JobId.of(tenant, "ann", "odd").value();
    try (var store = new Store(stage);
        var peer = door.connect(stage, token)) {
      store.putJob(
          Map.of(
              "jobId", AttributeValue.fromS(odd),
              "status", AttributeValue.fromS("OF_A_NEWER_VERSION")));
      var welcome = hello(peer, "h-1", Map.of(job.id().value(), 0L, odd, 0L));
      assertThat(welcome.json().getBoolean("recovered")).isFalse();
      assertThat(welcome.json().getJsonArray("jobs")).hasSize(1);
      assertThat(events(welcome, 0)).containsExactly(1);
      store.removeJob(odd);
    }
  }

  /** Ends that no process would hold all at once come one after the other. */
  @Test
  void manyLargeEndsFollowTheirWelcome() {
    var lastSeq = new JsonObject();
    for (int i = 0; i < 12; i++) {
      var job = claimed("r-" + i);
      worker.succeed(job, 1, large(i));
      lastSeq.put(job.id().value(), 0);
    }
    try (var peer = door.connect(stage, token)) {
      // as many as may wait at the direct door
      for (int i = 0; i < 5; i++) {
        peer.send(
            new JsonObject().put("type", "hello").put("id", "h-" + i).put("last_seq", lastSeq));
      }
      for (int i = 0; i < 5; i++) {
        assertThat(peer.answer("h-" + i).json().getBoolean("recovered")).isTrue();
      }
      lastSeq.fieldNames().forEach(peer::terminal);
    }
  }

  @Test
  void manyEventsComeInAnswersOfABoundedSize() {
    var job = claimed("r-1");
    for (int i = 1; i <= 7; i++) {
      job = worker.emit(job, HandWorker.event(job, i, large(i)));
    }
    try (var peer = door.connect(stage, token)) {
      var welcome = hello(peer, "h-1", Map.of(job.id().value(), 0L));
      assertThat(welcome.text()).hasSizeLessThan(ANSWER_BYTES);
      var got = new ArrayList<>(events(welcome, 0));
      assertThat(got).isNotEmpty();
      var next = attached(welcome, 0).getLong("next");
      for (int i = 0; next != null; i++) {
        var answer = subscribe(peer, "s-" + i, job.id().value(), next);
        assertThat(answer.text()).hasSizeLessThan(ANSWER_BYTES);
        got.addAll(numbers(answer.data()));
        next = answer.data().getLong("next");
      }
      assertThat(got).containsExactly(1, 2, 3, 4, 5, 6, 7);
    }
  }

  @Test
  void theEventsOfManyJobsShareOneAnswer() {
    var jobs = new ArrayList<Job>();
    for (int i = 0; i < 3; i++) {
      var job = claimed("r-" + i);
      job = worker.emit(job, HandWorker.event(job, 1, large(1)));
      jobs.add(worker.emit(job, HandWorker.event(job, 2, large(2))));
    }
    var lastSeq = new JsonObject();
    jobs.forEach(job -> lastSeq.put(job.id().value(), 0));
    try (var peer = door.connect(stage, token)) {
      var welcome = hello(peer, "h-1", lastSeq.getMap());
      assertThat(welcome.text()).hasSizeLessThan(ANSWER_BYTES);
      assertThat(welcome.json().getBoolean("recovered")).isTrue();
      var attached = welcome.json().getJsonArray("jobs");
      assertThat(attached).hasSize(3);
      for (int i = 0; i < 3; i++) {
        var job = attached(welcome, i);
        var got = new ArrayList<>(events(welcome, i));
        for (var next = job.getLong("next"); next != null; ) {
          var jobId = job.getJsonObject("snapshot").getString("job_id");
          var answer = subscribe(peer, "s-" + i + "-" + next, jobId, next);
          got.addAll(numbers(answer.data()));
          next = answer.data().getLong("next");
        }
        assertThat(got).containsExactly(1, 2);
      }
    }
  }

  @Test
  void aRepeatedRequestBringsTheEventsAndThenTheEnd() throws Exception {
    var job = withEvents("r-1", 3);
    var jobId = job.id().value();
    try (var peer = door.connect(stage, token)) {
      var ack = submit(peer, "r-1");
      assertThat(ack.status()).isEqualTo("duplicate");
      assertThat(ack.snapshot().getString("status")).isEqualTo("running");
      peer.await("the last event", f -> f.is("event") && f.seq() == job.firstSeq() + 3);
      var ended = worker.succeed(job, 5);
      worker.pushEnd(ended);
      peer.terminal(jobId);
      assertThat(peer.framesOf(jobId))
          .extracting(Frame::type)
          .containsExactly("acknowledgment", "event", "event", "event", "complete");
    }
    try (var after = door.connect(stage, token)) {
      submit(after, "r-1");
      after.terminal(jobId);
      assertThat(after.framesOf(jobId))
          .extracting(Frame::type)
          .containsExactly("acknowledgment", "event", "event", "event", "complete");
    }
  }

  @Test
  void aRepeatedRequestOnTheSameDirectSocketBringsOnlyWhatItHasNotHad() throws Exception {
    try (var peer = Door.DIRECT.connect(stage, token)) {
      var jobId = submit(peer, "r-1").jobId();
      var job = worker.claim(jobId);
      job = worker.emit(job, HandWorker.event(job, 1));
      worker.push(job, HandWorker.event(job, 1));
      worker.emit(job, HandWorker.event(job, 2));
      peer.request("r-1", "test.gated-job", payload());
      peer.await("the missed one", f -> f.is("event") && numbers(f).equals(2));
      assertThat(peer.settle().framesOf(jobId)).filteredOn(f -> f.is("event")).hasSize(2);
    }
  }

  @Test
  void aLongReplayWaitsForWhoeverReadsSlowly() throws Exception {
    var job = claimed("r-1");
    // far more than a socket may have waiting, and than the kernel takes
    int count = 120;
    for (int n = 1; n <= count; n++) {
      job = worker.emit(job, HandWorker.event(job, n, large(n)));
    }
    try (var slow = new RawSocket(stage.direct(), token)) {
      slow.send(
          new JsonObject()
              .put("id", "r-1")
              .put("action", "test.gated-job")
              .put("payload", payload())
              .encode());
      assertThat(Frame.of(slow.text()).status()).isEqualTo("duplicate");
      try (var other = door.connect(stage, token)) {
        // others are served meanwhile
        other.settle();
      }
      for (int n = 1; n <= count; n++) {
        assertThat(numbers(Frame.of(slow.text()))).isEqualTo(n);
      }
    }
  }

  @Test
  void aRewindIsReplayedInItsPlace() {
    var job = withEvents("r-1", 2);
    var rewind = new Rewind("r-1", job.id().value(), job.firstSeq() + 3, job.firstSeq() + 1);
    job = worker.emit(job, rewind);
    job = worker.emit(job, HandWorker.event(job, 4));
    try (var peer = door.connect(stage, token)) {
      var welcome = hello(peer, "h-1", Map.of(job.id().value(), 0L));
      assertThat(attached(welcome, 0).getJsonArray("events"))
          .extracting(event -> ((JsonObject) event).getString("type"))
          .containsExactly("event", "event", "rewind", "event");
    }
  }

  @Test
  void whoSubscribesToNoEventsHasMissedNone() {
    var job = withEvents("r-1", 2);
    try (var bob = door.connect(stage, Tokens.of("bob", tenant, "jobs:read"))) {
      var frame =
          new JsonObject()
              .put("type", "subscribe")
              .put("id", "s-1")
              .put("job_id", job.id().value())
              .put("frames", new JsonArray().add("progress"));
      var answer = bob.send(frame).answer("s-1");
      assertThat(answer.events()).isEmpty();
      assertThat(answer.data().fieldNames()).doesNotContain("next");
      assertThat(numbers(subscribe(bob, "s-2", job.id().value(), null).data()))
          .containsExactly(1, 2);
    }
  }

  @Test
  void aJobOfManyEventsLeavesRoomForTheOthers() throws Exception {
    var many = claimed("r-many");
    for (int i = 1; i <= 300; i++) {
      many = worker.emit(many, HandWorker.event(many, i, "\"" + "y".repeat(250) + "\""));
    }
    var other = claimed("r-other");
    var lastSeq = new JsonObject().put(many.id().value(), 0).put(other.id().value(), 0);
    try (var peer = door.connect(stage, token)) {
      var welcome = hello(peer, "h-1", lastSeq.getMap());
      assertThat(welcome.text()).hasSizeLessThan(ANSWER_BYTES);
      assertThat(welcome.json().getBoolean("recovered")).isTrue();
      assertThat(attached(welcome, 0).getLong("next")).isNotNull();
      var jobs =
          welcome.json().getJsonArray("jobs").stream()
              .map(attached -> ((JsonObject) attached).getJsonObject("snapshot"))
              .map(snapshot -> snapshot.getString("job_id"))
              .toList();
      assertThat(jobs).containsExactlyInAnyOrder(many.id().value(), other.id().value());
      // what comes of it afterwards is not dropped
      worker.pushEnd(worker.succeed(other, 1));
      assertThat(peer.terminal(other.id().value()).type()).isEqualTo("complete");
    }
  }

  private JsonObject payload() {
    return new JsonObject().put("gate", tenant);
  }

  private Frame submit(Peer peer, String id) {
    return peer.request(id, "test.gated-job", payload()).acknowledgment(id);
  }

  /** A job of a connection that has left. */
  private Job claimed(String id) {
    try (var peer = door.connect(stage, token)) {
      return worker.claim(submit(peer, id).jobId());
    }
  }

  private Job withEvents(String id, int count) {
    var job = claimed(id);
    for (int i = 1; i <= count; i++) {
      job = worker.emit(job, HandWorker.event(job, i));
    }
    return job;
  }

  private static String large(int n) {
    return "{\"n\":" + n + ",\"x\":\"" + "y".repeat(40_000) + "\"}";
  }

  private static Frame hello(Peer peer, String id, Map<String, ?> lastSeq) {
    var jobs = new JsonObject();
    lastSeq.forEach(jobs::put);
    var frame = new JsonObject().put("type", "hello").put("id", id).put("last_seq", jobs);
    return peer.send(frame).answer(id);
  }

  private static Frame subscribe(Peer peer, String id, String jobId, Long afterSeq) {
    var frame = new JsonObject().put("type", "subscribe").put("id", id).put("job_id", jobId);
    if (afterSeq != null) {
      frame.put("after_seq", afterSeq);
    }
    return peer.send(frame).answer(id);
  }

  private static JsonObject attached(Frame welcome, int n) {
    return welcome.json().getJsonArray("jobs").getJsonObject(n);
  }

  private static List<Integer> events(Frame welcome, int n) {
    return numbers(attached(welcome, n));
  }

  private static List<Integer> numbers(JsonObject attached) {
    return attached.getJsonArray("events").stream()
        .map(event -> numbers(Frame.of(((JsonObject) event).encode())))
        .toList();
  }

  private static Integer numbers(Frame event) {
    return event.data().getInteger("n");
  }
}
