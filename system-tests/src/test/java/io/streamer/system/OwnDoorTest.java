package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.local.stage.PortTaken;
import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stage without a door before its gateway, as {@code dev} starts it where it has no faults. */
@Timeout(120)
class OwnDoorTest {
  @Test
  void clientsComeToTheGatewayItself() {
    try (var stage = Stage.start(LocalStage.options().frontDoor(false))) {
      int port = stage.direct().getPort();
      assertThat(stage.gateway().port()).isEqualTo(port);
      for (var door : Door.values()) {
        try (var peer = door.connect(stage, Tokens.fresh())) {
          var payload = JsonObject.of("a", 1);
          assertThat(
                  peer.request("r-1", "echo", payload).answer("r-1").data().getJsonObject("echo"))
              .isEqualTo(payload);
        }
      }
      assertThatIllegalStateException().isThrownBy(stage::killGateway);
      assertThatIllegalStateException()
          .isThrownBy(() -> stage.cutSockets(io.streamer.emulator.fault.Door.DIRECT));
      assertThatThrownBy(() -> Stage.start(LocalStage.options().frontDoor(false).directPort(port)))
          .isInstanceOfSatisfying(
              PortTaken.class, taken -> assertThat(taken.port()).isEqualTo(port));
    }
  }

  @Test
  void whoWatchesSeesTheFramesOfDirectSockets() throws Exception {
    try (var stage = Stage.start(LocalStage.options().frontDoor(false))) {
      var feed = FeedClient.of(stage);
      var payload = JsonObject.of("seconds", 0, "steps", 2, "events", true);
      try (var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
        var unseen = peer.request("r-1", "delay", payload).acknowledgment("r-1").jobId();
        peer.terminal(unseen);
        try (var _ = feed.watch()) {
          var request = JsonObject.of("id", "r-2", "action", "delay", "payload", payload).encode();
          var job =
              peer.sendInTwo(request.substring(0, 9), request.substring(9))
                  .acknowledgment("r-2")
                  .jobId();
          var end = peer.terminal(job).text();
          var course = toldCourse(feed, job);

          assertThat(course.getLong("told_at"))
              .isGreaterThanOrEqualTo(course.getLong("accepted_at"));
          var frames = frames(course);
          assertThat(frames)
              .extracting(frame -> frame.getString("type"))
              .startsWith("request", "acknowledgment")
              .contains("progress", "event")
              .endsWith("complete");
          assertThat(frames.getFirst().getString("text")).isEqualTo(request);
          assertThat(frames.getFirst().getBoolean("from_client")).isTrue();
          assertThat(frames.getLast().getString("text")).isEqualTo(end);
          assertThat(frames)
              .allSatisfy(frame -> {
                assertThat(frame.getString("door")).isEqualTo("direct");
                assertThat(frame.getString("connection"))
                    .isEqualTo(frames.getFirst().getString("connection"));
              });
        }
        // all that passed before has been read by now
        var course = course(feed, unseen);
        assertThat(frames(course)).isEmpty();
        assertThat(course.getLong("told_at")).isNull();
      }
    }
  }

  /** What the last frame was seen of. */
  private static JsonObject toldCourse(FeedClient feed, String job) throws Exception {
    while (true) {
      var course = course(feed, job);
      if (course.getLong("told_at") != null) {
        return course;
      }
    }
  }

  private static JsonObject course(FeedClient feed, String job) throws Exception {
    return feed.get("jobs/" + job).json().getJsonObject("course");
  }

  private static List<JsonObject> frames(JsonObject course) {
    return course.getJsonArray("frames").stream().map(JsonObject.class::cast).toList();
  }
}
