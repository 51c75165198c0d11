package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.When;
import io.streamer.shared.job.JobStatus;
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

/** A job with {@code on_disconnect} {@code cancel} ends once its owner has stayed away. */
@Timeout(60)
@ParameterizedClass
@EnumSource(Door.class)
class OwnerLeftTest {
  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final JsonObject CANCEL = new JsonObject().put("on_disconnect", "cancel");

  private static DueStage due;

  @Parameter Door door;

  private final String gate = UUID.randomUUID().toString();

  @BeforeAll
  static void start() {
    // leases that outlast all the time that passes here
    due = DueStage.start(Map.of("STREAMER_DISCONNECT_GRACE", "3s", "STREAMER_LEASE", "10h"));
  }

  @AfterAll
  static void stop() {
    due.close();
  }

  @AfterEach
  void nobodyIsLeftToLookAfter() throws Exception {
    due.starts.loseNoMore();
    due.stage.faults().clear();
    Gates.open(gate);
    assertThat(due.stage.lambda().awaitIdle(Duration.ofSeconds(20))).isTrue();
    due.pass(DueStage.DUE.plusSeconds(1));
    assertThat(due.due()).isEmpty();
  }

  @Test
  void anOwnerWhoComesBackInTimeKeepsItsJob() {
    var token = due.token();
    var job = leave(token, "due.once", CANCEL);
    due.await(job, row -> row.marks().abandonAt().isPresent());
    due.stage.runDue();
    try (var back = due.connect(door, token)) {
      attach(back, job);
      assertThat(due.job(job).marks().abandonAt()).isEmpty();
      due.pass(GRACE.plusSeconds(1));
      Gates.open(gate);
      assertThat(back.terminal(job).type()).isEqualTo("complete");
    }
  }

  @Test
  void aRunningJobWhoseOwnerStaysAwayIsStopped() {
    var token = due.token();
    var job = leave(token, "due.once", CANCEL);
    due.await(job, row -> row.marks().abandonAt().isPresent());
    due.pass(GRACE);
    Gates.open(gate);
    due.await(job, row -> row.status() == JobStatus.CANCELLED);
    try (var late = due.connect(door, token)) {
      attach(late, job);
      assertThat(late.terminal(job).code()).isEqualTo("CANCELLED");
    }
  }

  @Test
  void aQueuedJobWhoseOwnerStaysAwayIsNotStarted() {
    due.starts.lose();
    var job = leaveQueued(CANCEL);
    due.await(job, row -> row.marks().abandonAt().isPresent());
    due.pass(GRACE);
    assertThat(due.job(job).status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(DueActions.runs(gate)).isZero();
  }

  @Test
  void anotherJobOutlivesItsOwnersConnection() {
    var job = leave(due.token(), "due.once", new JsonObject());
    due.pass(GRACE.multipliedBy(2));
    assertThat(due.job(job).marks().abandonAt()).isEmpty();
    Gates.open(gate);
    due.await(job, row -> row.status() == JobStatus.SUCCEEDED);
  }

  @Test
  void anOwnerWhoseLeavingNobodySawIsFoundToBeGone() throws Exception {
    due.starts.lose();
    var job =
        switch (door) {
          case DIRECT -> leaveAKilledGateway();
          case API_GATEWAY -> {
            due.stage.faults().add(FaultRule.disconnect(When.ALWAYS, new Fault.Drop()));
            yield leaveQueued(CANCEL);
          }
        };
    // the door may need a moment to see it itself, and a silent gateway counts as there for a while
    due.await(
        job,
        row -> {
          due.pass(DueStage.DUE);
          return row.marks().abandonAt().isPresent();
        });
    due.pass(GRACE);
    assertThat(due.job(job).status()).isEqualTo(JobStatus.CANCELLED);
  }

  @Test
  void aDelayedJobEndsWithItsOwnersGraceTime() {
    var job = leaveQueued(CANCEL.copy().put("delay_ms", 3_600_000));
    due.await(job, row -> row.marks().abandonAt().isPresent());
    due.pass(GRACE);
    assertThat(due.job(job).status()).isEqualTo(JobStatus.CANCELLED);
  }

  /** Leaves behind a job that runs. */
  private String leave(String token, String action, JsonObject options) {
    try (var peer = due.connect(door, token)) {
      var job = DueStage.submit(peer, action, gate, options);
      peer.await("the start", frame -> frame.is("progress"));
      peer.drop();
      return job;
    }
  }

  private String leaveQueued(JsonObject options) {
    try (var peer = due.connect(door)) {
      var job = DueStage.submit(peer, "due.once", gate, options);
      peer.drop();
      return job;
    }
  }

  private String leaveAKilledGateway() throws Exception {
    try (var other = GatewayProcess.start(due.stage);
        var peer = Door.DIRECT.connect(other.direct(), due.token())) {
      var job = DueStage.submit(peer, "test.gated-job", gate, CANCEL);
      other.kill();
      peer.drop();
      return job;
    }
  }

  private static void attach(Peer peer, String job) {
    peer.send(new JsonObject().put("type", "hello").put("last_seq", new JsonObject().put(job, 0)));
    peer.await("the welcome", frame -> frame.is("welcome"));
  }
}
