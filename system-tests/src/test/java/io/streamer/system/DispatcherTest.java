package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultPlan;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.When;
import io.streamer.handler.Caller;
import io.streamer.shared.directory.NodeCalls;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.store.Attachment;
import io.streamer.shared.store.Claim;
import io.streamer.shared.store.Ownership;
import io.streamer.shared.store.Said;
import io.streamer.shared.store.Subscription;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.worker.JobFunction;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** Whatever is lost on a job's way is found again when the job is due. */
@Timeout(60)
class DispatcherTest {
  private static final Caller CALLER = new Caller("acme", "ann", Set.of());

  private static DueStage due;

  private final String gate = UUID.randomUUID().toString();

  @BeforeAll
  static void start() {
    due = DueStage.start();
  }

  @AfterAll
  static void stop() {
    due.close();
  }

  @AfterEach
  void nobodyIsLeftToLookAfter() {
    due.starts.loseNoMore();
    due.records.loseNoMore();
    // what a worker has told just now leaves by its own write
    due.pass(DueStage.DUE.plusSeconds(1));
    assertThat(due.due()).isEmpty();
  }

  @Test
  void aStartThatWasLostIsGivenAgain() throws Exception {
    due.starts.lose();
    try (var peer = due.connect(Door.DIRECT)) {
      var job = DueStage.submit(peer, "due.once", gate);
      due.starts.awaitLost();
      due.starts.loseNoMore();
      Gates.open(gate);
      due.stage.runDue();
      assertThat(DueActions.runs(gate)).isZero();

      due.pass(DueStage.DUE);
      assertThat(peer.terminal(job).result().getString("gate")).isEqualTo(gate);
      assertThat(DueActions.runs(gate)).isEqualTo(1);
    }
  }

  @Test
  void aRecordThatTheStreamLostIsWrittenAgain() throws Exception {
    due.records.lose();
    try (var peer = due.connect(Door.DIRECT)) {
      var job = DueStage.submit(peer, "due.once", gate);
      due.records.awaitLost();
      due.records.loseNoMore();
      Gates.open(gate);
      due.pass(DueStage.DUE);
      assertThat(peer.terminal(job).type()).isEqualTo("complete");
    }
  }

  @Test
  void aJobThatWaitsForAnHourIsStartedWhenWorkersAreBack() throws Exception {
    due.starts.lose();
    try (var peer = due.connect(Door.DIRECT)) {
      var job = DueStage.submit(peer, "due.once", gate);
      due.starts.awaitLost();
      for (int i = 0; i < 6; i++) {
        due.pass(Duration.ofMinutes(10));
        due.starts.awaitLost();
        assertThat(due.job(job).status()).isEqualTo(JobStatus.QUEUED);
      }
      due.starts.loseNoMore();
      Gates.open(gate);
      // by its age it is looked at every five minutes
      due.pass(Duration.ofMinutes(5));
      assertThat(peer.terminal(job).type()).isEqualTo("complete");
      assertThat(due.job(job).attempt()).isEqualTo(1);
    }
  }

  @Test
  void aJobWhoseWorkerDiedIsRunByAnother() {
    try (var peer = due.connect(Door.DIRECT)) {
      var job = DueStage.submit(peer, "due.twice", gate);
      peer.await("the start", frame -> frame.is("progress"));
      due.killWorkers();
      due.stage.runDue();
      assertThat(due.job(job).attempt()).isEqualTo(1);

      due.pass(DueStage.LEASE_OVER);
      peer.await("the second start", frame -> frame.is("progress") && attempt(frame) == 2);
      Gates.open(gate);
      assertThat(peer.terminal(job).type()).isEqualTo("complete");
      assertThat(DueActions.runs(gate)).isEqualTo(2);
      assertThat(due.job(job).epoch()).isEqualTo(2);
    }
  }

  @Test
  void aLastAttemptThatIsLostFailsForOwnerAndSubscribers() throws Exception {
    try (var peer = due.connect(Door.DIRECT);
        var subscriber = new PushTarget()) {
      var job = DueStage.submit(peer, "due.once", gate);
      peer.await("the start", frame -> frame.is("progress"));
      due.killWorkers();
      subscribe(job, subscriber);

      due.pass(DueStage.LEASE_OVER);
      var end = peer.terminal(job);
      assertThat(end.code()).isEqualTo("PROCESSING_FAILED");
      assertThat(end.error().getJsonObject("details").getString("reason")).isEqualTo("WORKER_LOST");
      var told = subscriber.next().json();
      assertThat(told.getString("job_id")).isEqualTo(job);
      assertThat(told.getLong("seq")).isEqualTo(end.seq());
      assertThat(told.getJsonObject("error")).isEqualTo(end.error());
      assertThat(due.job(job).status()).isEqualTo(JobStatus.FAILED);
      assertToldAndSwept(job);
    }
  }

  /** Its watchers may have come late: it is looked at once more. */
  private static void assertToldAndSwept(String job) {
    assertThat(Ownership.told(due.job(job))).isTrue();
    var late = new Subscription("job#" + job, new Route("late", "node:n1", 0), CALLER, Set.of());
    due.run(new SubscriptionCalls(due.tables, due.limits(), due.clock).put(late));
    due.pass(DueStage.LEASE_OVER);
    assertThat(due.due()).doesNotContain(job);
    assertThat(due.subscriptions(job)).isZero();
  }

  @Test
  void anEndIsDueUntilItsSubscriptionsAreTakenAway() throws Exception {
    try (var peer = due.connect(Door.DIRECT);
        var subscriber = new PushTarget()) {
      var job = DueStage.submit(peer, "due.once", gate);
      peer.await("the start", frame -> frame.is("progress"));
      due.killWorkers();
      subscribe(job, subscriber);
      var deletes = FaultRule.Requests.ANY.operation("DeleteItem");
      due.stage
          .faults()
          .set(FaultPlan.of(1, FaultRule.store(deletes, When.ALWAYS, new Fault.Fail())));

      due.pass(DueStage.LEASE_OVER);
      var end = peer.terminal(job);
      assertThat(subscriber.next().json().getLong("seq")).isEqualTo(end.seq());
      assertThat(due.due()).contains(job);

      due.stage.faults().clear();
      due.pass(Duration.ofMinutes(10));
      assertToldAndSwept(job);
    } finally {
      due.stage.faults().clear();
    }
  }

  /** The subscriber is on a node of its own, which takes no part in looking after jobs. */
  private static void subscribe(String jobId, PushTarget subscriber) {
    var nodes = new NodeCalls(due.tables, due.clock);
    var id = UUID.randomUUID().toString();
    var far = due.clock.millis() + Duration.ofDays(1).toMillis();
    due.run(nodes.beat(Nodes.leaving(id, subscriber.address(), far)));
    var job = due.job(jobId);
    var calls = new SubscriptionCalls(due.tables, due.limits(), due.clock);
    assertThat(
            due.run(
                calls.subscribe(
                    job,
                    new Caller(job.caller().tenant(), "another", Set.of()),
                    new Route("there", "node:" + id, far / 1_000),
                    Set.of(Kind.TERMINAL))))
        .isInstanceOf(Attachment.Attached.class);
  }

  @Test
  void anEndThatWasNotToldIsToldOnceOnTheDirectDoor() throws Exception {
    var settings = new HashMap<>(due.stage.settings());
    // the gateway does not take this worker's frames
    settings.put("STREAMER_INTERNAL_SECRET", "another");
    Gates.open(gate);
    try (var mute = DueStage.worker(new Environment(settings));
        var peer = due.connect(Door.DIRECT)) {
      due.stage.lambda().register("streamer-job", new JobFunction(mute));
      var job = DueStage.submit(peer, "due.once", gate);
      due.await(job, row -> row.status() == JobStatus.SUCCEEDED);
      due.stage.lambda().awaitIdle(Duration.ofSeconds(20));
      peer.settle();
      assertThat(peer.framesOf(job)).filteredOn(Frame::isTerminal).isEmpty();
      assertThat(due.due()).contains(job);

      due.pass(DueStage.DUE);
      assertThat(peer.terminal(job).type()).isEqualTo("complete");
      assertThat(due.due()).doesNotContain(job);
      due.pass(DueStage.DUE);
      peer.settle();
      assertThat(peer.framesOf(job)).filteredOn(Frame::isTerminal).hasSize(1);
    } finally {
      due.stage.lambda().register("streamer-job", due.starts);
    }
  }

  @Test
  void whoWasSentNoEventsIsClosedAtTheEndAndGetsAllOfThemWhenItComesBack() throws Exception {
    var settings = new HashMap<>(due.stage.settings());
    // the gateway takes neither frames nor a disconnect from this worker
    settings.put("STREAMER_INTERNAL_SECRET", "another");
    var token = due.token();
    try (var mute = DueStage.worker(new Environment(settings));
        var peer = due.connect(Door.DIRECT, token)) {
      due.stage.lambda().register("streamer-job", new JobFunction(mute));
      var work = new JsonObject().put("seconds", 0).put("steps", 3).put("events", true);
      peer.request(gate, "delay", work);
      var job = peer.acknowledgment(gate).jobId();
      due.await(job, row -> row.status() == JobStatus.SUCCEEDED);
      due.stage.lambda().awaitIdle(Duration.ofSeconds(20));
      assertThat(due.job(job).attempt()).isEqualTo(1);

      due.pass(DueStage.DUE);
      assertThat(peer.closeCode()).isEqualTo(1000);
      assertThat(peer.framesOf(job)).extracting(Frame::type).containsExactly("acknowledgment");
      assertThat(due.due()).doesNotContain(job);
      try (var back = due.connect(Door.DIRECT, token)) {
        var seen = new JsonObject().put(job, 0);
        back.send(new JsonObject().put("type", "hello").put("id", "h").put("last_seq", seen));
        var attached = back.answer("h").json().getJsonArray("jobs").getJsonObject(0);
        assertThat(attached.getJsonArray("events")).hasSize(3);
        assertThat(back.terminal(job).type()).isEqualTo("complete");
      }
    } finally {
      due.stage.lambda().register("streamer-job", due.starts);
    }
  }

  @Test
  void aDelayedJobStartsWhenItsTimeHasCome() {
    Gates.open(gate);
    try (var peer = due.connect(Door.DIRECT)) {
      var job =
          DueStage.submit(peer, "due.once", gate, new JsonObject().put("delay_ms", 3_600_000));
      assertThat(peer.acknowledgment(gate).status()).isEqualTo("scheduled");
      due.pass(Duration.ofMinutes(59));
      assertThat(due.job(job).status()).isEqualTo(JobStatus.WAITING);
      due.pass(Duration.ofMinutes(1));
      assertThat(peer.terminal(job).type()).isEqualTo("complete");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = JobStatus.class,
      names = {"WAITING", "QUEUED", "RUNNING", "RETRYING"})
  void aDeadlineEndsAJobInEachState(JobStatus status) throws Exception {
    try (var peer = due.connect(Door.DIRECT)) {
      var options = new JsonObject().put("deadline_ms", 120_000);
      if (status == JobStatus.WAITING) {
        options.put("delay_ms", 100_000);
      }
      if (status != JobStatus.RUNNING) {
        due.starts.lose();
      }
      var job = DueStage.submit(peer, "due.twice", gate, options);
      switch (status) {
        case RUNNING -> peer.await("the start", frame -> frame.is("progress"));
        case RETRYING -> {
          due.starts.awaitLost();
          fail(job, Duration.ofHours(1));
        }
        case QUEUED, WAITING -> {}
        case SUCCEEDED, FAILED, CANCELLED, TIMED_OUT -> throw new AssertionError("has ended");
      }
      assertThat(due.job(job).status()).isEqualTo(status);

      due.pass(Duration.ofMinutes(2));
      assertThat(peer.terminal(job).code()).isEqualTo("TIMEOUT");
      assertThat(due.job(job).status()).isEqualTo(JobStatus.TIMED_OUT);
      // its holder may still be there, and comes too late
      Gates.open(gate);
      assertThat(due.stage.lambda().awaitIdle(Duration.ofSeconds(20))).isTrue();
      peer.settle();
      assertThat(peer.framesOf(job)).filteredOn(Frame::isTerminal).hasSize(1);
    }
  }

  @Test
  void aFailedAttemptIsFollowedByAnother() throws Exception {
    due.starts.lose();
    try (var peer = due.connect(Door.DIRECT)) {
      var job = DueStage.submit(peer, "due.twice", gate);
      due.starts.awaitLost();
      due.starts.loseNoMore();
      fail(job, Duration.ofHours(1));
      Gates.open(gate);
      // the minute that is left is longer than these lines take on any machine
      due.pass(Duration.ofMinutes(59));
      assertThat(due.job(job).status()).isEqualTo(JobStatus.RETRYING);
      due.pass(Duration.ofMinutes(1));
      assertThat(peer.terminal(job).type()).isEqualTo("complete");
      assertThat(due.job(job).attempt()).isEqualTo(2);
    }
  }

  /** As a worker does whose handler has failed. */
  private static void fail(String job, Duration wait) {
    var claim = due.run(due.jobs().claim(new JobId(job), 0, UUID.randomUUID().toString()));
    var held = ((Claim.Claimed) claim).job();
    var said = new Said(new Report(10, "failed"), held.firstSeq() + 5, Map.of());
    due.run(
        due.jobs()
            .retry(
                held,
                due.clock.millis() + wait.toMillis(),
                true,
                said,
                UUID.randomUUID().toString()));
  }

  @Test
  void rowsThatCannotBeReadDoNotHideWhatStandsBehindThem() throws Exception {
    due.starts.lose();
    try (var peer = due.connect(Door.DIRECT)) {
      var job = DueStage.submit(peer, "due.once", gate);
      due.starts.awaitLost();
      due.starts.loseNoMore();
      Gates.open(gate);
      // more than a page, all longer due
      var poisoned =
          Stream.iterate(0, i -> i + 1)
              .map(i -> JobId.of("nobody", gate, "p-" + i))
              .filter(id -> id.dueShard() == new JobId(job).dueShard())
              .limit(150)
              .toList();
      for (var id : poisoned) {
        put(id, Map.of("status", AttributeValue.fromS("OF_A_NEWER_VERSION")));
      }
      due.pass(DueStage.DUE);
      assertThat(peer.terminal(job).type()).isEqualTo("complete");
      for (var id : poisoned) {
        assertThat(dueAt(id)).isGreaterThan(due.clock.millis());
        delete(id);
      }
    }
  }

  @Test
  void aJobThatCannotBeWrittenIsSetAside() throws Exception {
    due.starts.lose();
    try (var peer = due.connect(Door.DIRECT)) {
      var job = DueStage.submit(peer, "due.once", gate);
      due.starts.awaitLost();
      due.starts.loseNoMore();
      Gates.open(gate);
      var full = JobId.of("nobody", gate, "full");
      var row = new HashMap<>(due.row(job));
      // an item has 400 KB at most: there is no room for another start
      row.remove("start");
      fill(full, row);
      due.pass(DueStage.DUE);
      assertThat(peer.terminal(job).type()).isEqualTo("complete");
      assertThat(due.row(full.value())).doesNotContainKey("start");
      assertThat(dueAt(full)).isGreaterThan(due.clock.millis());
      delete(full);
    }
  }

  private static void fill(JobId id, Map<String, AttributeValue> row) {
    int fits = 300_000;
    for (int step = 65_536; step > 0; step /= 2) {
      row.put("message", AttributeValue.fromS("x".repeat(fits + step)));
      try {
        put(id, row);
        fits += step;
      } catch (DynamoDbException _) {
        // too long by so much
      }
    }
    row.put("message", AttributeValue.fromS("x".repeat(fits)));
    put(id, row);
  }

  /** Writes a row that is long due. */
  private static void put(JobId id, Map<String, AttributeValue> attributes) {
    var row = new HashMap<>(attributes);
    row.put("jobId", AttributeValue.fromS(id.value()));
    row.put("dueShard", AttributeValue.fromS("%02d".formatted(id.dueShard())));
    row.put("dueAt", AttributeValue.fromN("1000000000001"));
    due.dynamo.putItem(put -> put.tableName(due.tables.jobs()).item(row));
  }

  private static void delete(JobId id) {
    var key = Map.of("jobId", AttributeValue.fromS(id.value()));
    due.dynamo.deleteItem(delete -> delete.tableName(due.tables.jobs()).key(key));
  }

  private static long dueAt(JobId id) {
    return Long.parseLong(due.row(id.value()).get("dueAt").n());
  }

  private static int attempt(Frame frame) {
    return frame.json().getInteger("attempt");
  }
}
