package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultPlan;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.When;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A request that overran is answered on the spot, because the store did not say whether it has its
 * job.
 */
@Timeout(60)
@ParameterizedClass
@EnumSource(Door.class)
class UnannouncedJobTest {
  private static final FaultRule.Requests PUTS =
      FaultRule.Requests.ANY.operation("PutItem").table("jobs");

  private static final FaultRule FAILING = FaultRule.store(PUTS, When.ALWAYS, new Fault.Fail());

  private static final FaultRule LATE =
      FaultRule.store(PUTS, When.nth(1), new Fault.Delay(Duration.ofDays(1)));

  /** Of two calls, three tries each. */
  private static final int TRIES = 6;

  private static DueStage due;

  @Parameter Door door;

  private final String user = UUID.randomUUID().toString();
  private final String token = Tokens.of(user, user);
  private final String gate = UUID.randomUUID().toString();
  private final JsonObject payload = new JsonObject().put("gate", gate);
  private final String job = JobId.of(user, user, "r-1").value();

  @BeforeAll
  static void start() {
    due = DueStage.start(Map.of("STREAMER_SYNC_THRESHOLD", "100ms"));
  }

  @AfterAll
  static void stop() {
    due.close();
  }

  @AfterEach
  void mend() {
    due.stage.faults().clear();
  }

  @Test
  void itsJobEndsAsItWasAnsweredThoughItWasNotThere() {
    try (var peer = due.connect(door, token)) {
      answeredOnTheSpot(peer, FaultPlan.of(1, FAILING));
      assertThat(due.row(job)).isEmpty();
      due.stage.faults().clear();
      assertEnded(peer);
    }
  }

  @Test
  void itsJobEndsAsItWasAnsweredWhenItCameLate() {
    try (var peer = due.connect(door, token)) {
      comesLate(peer);
      due.stage.faults().clear();
      assertEnded(peer);
    }
  }

  @Test
  void itsJobStaysEndedWhenItComesLater() {
    try (var peer = due.connect(door, token)) {
      var others = FaultRule.store(PUTS, When.first(TRIES - 1), new Fault.Fail());
      answeredOnTheSpot(peer, FaultPlan.of(1, LATE, others));
      awaitTold();
      due.stage.faults().clear();
      assertEnded(peer);
    }
  }

  @Test
  void whoeverFoundItMeanwhileHearsTheEnd() {
    try (var peer = due.connect(door, token);
        var other = due.connect(door, token)) {
      comesLate(peer);
      other.send(
          new JsonObject().put("type", "subscribe").put("id", "s-1").put("request_id", "r-1"));
      assertThat(other.answer("s-1").text()).contains("running");
      due.stage.faults().clear();

      var end = other.terminal(job);
      assertThat(end.type()).isEqualTo("complete");
      assertThat(end.result()).isEqualTo(payload);
    }
  }

  private void answeredOnTheSpot(Peer peer, FaultPlan plan) {
    var before = faults();
    due.stage.faults().set(plan);
    peer.request("r-1", "test.gated", payload);
    Until.matches("it has overrun", UnannouncedJobTest::faults, now -> now > before);
    TestActions.open(gate);
    var answer = peer.next();
    assertThat(answer.type()).as(answer.text()).isEqualTo("response");
    assertThat(answer.data()).isEqualTo(payload);
  }

  private static long faults() {
    return due.stage.faults().count("dynamodb delay") + due.stage.faults().count("dynamodb fail");
  }

  private void comesLate(Peer peer) {
    answeredOnTheSpot(peer, FaultPlan.of(1, LATE, FAILING));
    assertThat(due.row(job)).isEmpty();
    // what waits goes on, and nothing else does
    due.stage.faults().set(FaultPlan.of(1, FAILING));
    Until.matches("it is there", () -> due.row(job), row -> !row.isEmpty());
    assertThat(due.job(job).status()).isEqualTo(JobStatus.RUNNING);
  }

  private void awaitTold() {
    Until.matches(
        "it has ended", () -> due.row(job), row -> !row.isEmpty() && !row.containsKey("dueAt"));
  }

  private void assertEnded(Peer peer) {
    awaitTold();
    due.pass(DueStage.LEASE_OVER);
    assertThat(due.job(job).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(peer.status("r-1").data().getJsonObject("result")).isEqualTo(payload);
    assertThat(peer.settle().frames()).noneMatch(frame -> frame.is("error"));
    if (door == Door.DIRECT) {
      assertThat(peer.framesOf(job)).isEmpty();
    }
  }
}
