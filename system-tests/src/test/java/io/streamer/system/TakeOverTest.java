package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.directory.NodeCalls;
import io.streamer.shared.directory.NodeCalls.Node;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.store.due.DueShards;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two gateways share what is due, and one takes over what the other leaves behind. */
@Timeout(90)
class TakeOverTest {
  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final String OTHER = "other";

  private final String gate = UUID.randomUUID().toString();
  private DueStage due;
  private GatewayProcess other;

  @BeforeEach
  void start() throws Exception {
    due =
        DueStage.start(
            Map.of(
                "STREAMER_NODE_ID", "stage",
                "STREAMER_NODE_BEAT", "1s",
                "STREAMER_SUBMIT_DUE", "1s",
                "STREAMER_SYNC_THRESHOLD", "100ms",
                "STREAMER_DUE_EVERY", "100ms"));
    other = GatewayProcess.start(due.stage, Map.of("STREAMER_NODE_ID", OTHER));
  }

  @AfterEach
  void stop() {
    other.close();
    due.close();
  }

  @Test
  void whatAKilledGatewayLookedAfterIsTheOthersAfterThreeMissedHeartbeats() throws Exception {
    due.starts.lose();
    var user = UUID.randomUUID().toString();
    // one of those that the gateway looks after which is going to die
    var id =
        Stream.generate(() -> UUID.randomUUID().toString())
            .filter(one ->
                DueShards.of(OTHER, List.of("stage", OTHER))
                    .contains(JobId.of(user, user, one).dueShard()))
            .findFirst()
            .orElseThrow();
    Gates.open(id);
    try (var peer = Door.DIRECT.connect(due.stage, Tokens.of(user, user))) {
      var job = DueStage.submit(peer, "due.once", id);
      due.starts.awaitLost();
      // it is given again for as long as nobody takes it
      due.starts.awaitLost();
      other.kill();
      assertThat(other.exitCode()).isNotZero();
      due.starts.loseNoMore();
      assertThat(peer.terminal(job).type()).isEqualTo("complete");
    }
  }

  @Test
  void aGatewayThatStopsGivesUpItsShareAtOnceAndCanStillBeReached() throws Exception {
    var nodes = new NodeCalls(due.tables, due.clock);
    assertThat(due.run(nodes.live(BEAT))).extracting(Node::id).contains("stage", OTHER);
    var payload = new JsonObject().put("gate", gate);
    try (var peer = Door.DIRECT.connect(other.direct(), due.token())) {
      peer.request("slow", "test.gated", payload);
      peer.acknowledgment("slow");
      other.terminate();
      peer.await("goaway", frame -> frame.is("goaway"));
      Until.matches(
          "it has no share",
          () -> due.run(nodes.live(BEAT)),
          live -> live.stream().noneMatch(node -> node.id().equals(OTHER)));
      assertThat(due.run(nodes.find(OTHER))).isPresent();
      peer.request("open", "test.open", payload);
      assertThat(peer.terminal(peer.acknowledgment("slow").jobId()).type()).isEqualTo("complete");
      assertThat(peer.closeCode()).isEqualTo(1012);
    }
    assertThat(other.exitCode()).isZero();
    assertThat(due.run(nodes.find(OTHER))).isEmpty();
  }

  @Test
  void anOverrunWhoseGatewayDiedEndsInAnInternalErrorAndIsNotRunAgain() throws Exception {
    var token = due.token();
    String job;
    try (var peer = Door.DIRECT.connect(other.direct(), token)) {
      job =
          peer.request("slow", "test.gated", new JsonObject().put("gate", gate))
              .acknowledgment("slow")
              .jobId();
      other.kill();
      peer.drop();
    }
    try (var peer = due.connect(Door.DIRECT, token)) {
      peer.send(
          new JsonObject().put("type", "hello").put("last_seq", new JsonObject().put(job, 0)));
      peer.await("the welcome", frame -> frame.is("welcome"));
      due.clock.advance(DueStage.LEASE_OVER);
      var end = peer.terminal(job);
      assertThat(end.code()).isEqualTo("INTERNAL_ERROR");
      assertThat(end.error().getBoolean("retryable")).isTrue();
      assertThat(end.error().getJsonObject("details").getString("error_id")).isNotEmpty();
      assertThat(due.job(job).status()).isEqualTo(JobStatus.FAILED);
      assertThat(TestActions.runs(gate)).isZero();
      due.await(job, row -> row.dueAt().isEmpty());
    }
  }
}
