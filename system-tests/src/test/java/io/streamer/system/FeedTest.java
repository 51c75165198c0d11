package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.streamer.local.stage.Stage;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the feed of a stage promises to whoever shows it: the console, the command line. */
@ExtendWith(LocalStage.class)
@Timeout(60)
class FeedTest {
  private final FeedClient feed = FeedClient.of(LocalStage.stage());

  @ParameterizedTest
  @EnumSource
  void aJobOfAnybodyIsTold(Door door) throws Exception {
    try (var live = feed.watch();
        var peer = door.connect(Tokens.of("somebody", "elsewhere"))) {
      var job = send(peer, "test.course", JsonObject.of("text", "ü", "number", 7));
      var row = live.await(job, "succeeded");

      assertThat(row.getString("action")).isEqualTo("test.course");
      assertThat(row.getString("tenant")).isEqualTo("elsewhere");
      assertThat(row.getString("user")).isEqualTo("somebody");
      assertThat(row.getInteger("percentage")).isEqualTo(100);
      assertThat(row.getLong("ended_at")).isGreaterThanOrEqualTo(row.getLong("created_at"));
      assertThat(feed.rows("text=" + job)).extracting(it -> it.getLong("version")).isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void allOfAJobIsShown(Door door) throws Exception {
    try (var peer = door.connect(Tokens.fresh())) {
      var job = send(peer, "test.course", JsonObject.of("text", "ü", "number", 7));
      peer.terminal(job);
      var whole = told(job);

      assertThat(whole.getJsonObject("payload")).isEqualTo(JsonObject.of("text", "ü", "number", 7));
      assertThat(whole.getJsonObject("result")).isEqualTo(JsonObject.of("text", "ü", "number", 7));
      assertThat(whole.getJsonObject("checkpoint").getInteger("number")).isEqualTo(7);
      assertThat(whole.getJsonObject("steps").getString("a/b#c%d")).isEqualTo("done");
      assertThat(objects(whole.getJsonArray("events")))
          .extracting(event -> event.getString("name"), event -> event.getValue("data"))
          .containsExactly(tuple("half", 7));
      var course = whole.getJsonObject("course");
      assertThat(course.getLong("accepted_at")).isLessThanOrEqualTo(course.getLong("started_at"));
      assertThat(course.getLong("started_at"))
          .isLessThanOrEqualTo(course.getLong("first_progress_at"));
      assertThat(objects(course.getJsonArray("moments")))
          .extracting(moment -> moment.getString("what"))
          .contains("accepted", "started", "first progress", "checkpoint", "succeeded", "told");
      var frames = objects(course.getJsonArray("frames"));
      assertThat(frames)
          .extracting(frame -> frame.getString("type"))
          .contains("request", "acknowledgment", "progress", "event", "complete");
      assertThat(frames)
          .allSatisfy(frame ->
              assertThat(frame.getBoolean("from_client"))
                  .isEqualTo(frame.getString("type").equals("request")));
      assertThat(frames)
          .extracting(frame -> frame.getString("text"))
          .contains(peer.terminal(job).text());
    }
  }

  @Test
  void whatAnAttemptThrewIsShownWithItsStackTrace() throws Exception {
    try (var peer = Door.DIRECT.connect(Tokens.fresh())) {
      var job = send(peer, "delay", JsonObject.of("seconds", 0, "steps", 1, "fail_times", 1));
      peer.terminal(job);
      var failures =
          feed.get("jobs/" + job).json().getJsonObject("course").getJsonArray("failures");

      assertThat(objects(failures))
          .singleElement()
          .satisfies(failure -> {
            assertThat(failure.getInteger("attempt")).isEqualTo(1);
            assertThat(failure.getString("trace")).contains("io.streamer.demo.").contains("\tat ");
          });
    }
  }

  @Test
  void aDeadLetterIsListedUntilItIsDoneAgain() throws Exception {
    try (var live = feed.watch();
        var peer = Door.DIRECT.connect(Tokens.fresh())) {
      var job = send(peer, "test.broken-job", new JsonObject());
      live.await(job, "failed");
      assertThat(feed.rows("state=dead&text=" + job))
          .singleElement()
          .satisfies(row ->
              assertThat(row.getString("error"))
                  .isEqualTo("PROCESSING_FAILED: the handler failed"));

      var again = feed.post("jobs/" + job + "/redrive").json().getString("job_id");
      var row = live.await(again, "failed");
      assertThat(row.getString("redrive_of")).isEqualTo(job);
      assertThat(feed.rows("state=dead&text=" + job))
          .noneMatch(it -> it.getString("job_id").equals(job));
    }
  }

  @Test
  void whatHasNotFailedIsNotDoneAgain() throws Exception {
    try (var peer = Door.DIRECT.connect(Tokens.fresh())) {
      var job = send(peer, "test.course", JsonObject.of("text", "", "number", 1));
      peer.terminal(job);

      var answer = feed.post("jobs/" + job + "/redrive");
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.code()).isEqualTo("not_failed");
    }
  }

  @Test
  void aRunningJobIsCancelled() throws Exception {
    try (var live = feed.watch();
        var peer = Door.DIRECT.connect(Tokens.fresh())) {
      var job = send(peer, "delay", JsonObject.of("seconds", 600, "steps", 600));
      live.await(job, "running");

      assertThat(feed.post("jobs/" + job + "/cancel").status()).isEqualTo(200);
      live.await(job, "cancelled");
      assertThat(peer.terminal(job).code()).isEqualTo("CANCELLED");
    }
  }

  @Test
  void theWorkerOfAJobIsKilledAndAnotherTakesItOver() throws Exception {
    try (var live = feed.watch();
        var peer = Door.DIRECT.connect(Tokens.fresh())) {
      var job = send(peer, "delay", JsonObject.of("seconds", 4, "steps", 40));
      live.await(job, "running");
      live.await(row -> row.getString("job_id").equals(job) && row.getDouble("percentage") > 0);

      assertThat(feed.post("jobs/" + job + "/kill").status()).isEqualTo(200);
      var row = live.await(job, "succeeded");
      assertThat(row.getInteger("attempt")).isEqualTo(2);
      assertThat(
              objects(
                  feed.get("jobs/" + job).json().getJsonObject("course").getJsonArray("moments")))
          .extracting(moment -> moment.getString("what"))
          .contains("lost its worker");
      assertThat(feed.post("jobs/" + job + "/kill").code()).isEqualTo("not_running");
    }
  }

  @Test
  void onlyThoseAreListedThatAreMeant() throws Exception {
    try (var peer = Door.DIRECT.connect(Tokens.fresh())) {
      var job = send(peer, "test.course", JsonObject.of("text", "", "number", 1));
      peer.terminal(job);

      assertThat(feed.rows("state=succeeded&action=test.course&limit=1")).hasSize(1);
      assertThat(feed.get("jobs?action=test.course&limit=1&text=" + job).json().getBoolean("more"))
          .isFalse();
      assertThat(feed.rows("state=failed&text=" + job)).isEmpty();
      assertThat(feed.rows("state=active&text=" + job)).isEmpty();
      assertThat(feed.get("jobs?limit=none").code()).isEqualTo("bad_request");
      assertThat(feed.get("jobs/nobody").status()).isEqualTo(404);
    }
  }

  @Test
  void jobsOfAnEarlierStageAreThereWithTheirResults(@TempDir Path data) throws Exception {
    String job;
    try (var stage = Stage.start(LocalStage.options().data(Optional.of(data)).settings(Map.of()));
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      job = send(peer, "test.course", JsonObject.of("text", "kept", "number", 3));
      peer.terminal(job);
    }
    try (var stage = Stage.start(LocalStage.options().data(Optional.of(data)).settings(Map.of()))) {
      var later = FeedClient.of(stage);
      while (later.get("jobs").json().getBoolean("loading")) {
        Thread.onSpinWait();
      }
      assertThat(later.rows("state=succeeded"))
          .singleElement()
          .satisfies(row -> {
            assertThat(row.getString("job_id")).isEqualTo(job);
            assertThat(row.getLong("ended_at")).isGreaterThan(row.getLong("created_at") - 1_000);
          });
      assertThat(later.get("jobs/" + job).json().getJsonObject("result").getString("text"))
          .isEqualTo("kept");
    }
  }

  /** A job whose client was seen to be told. */
  private JsonObject told(String job) {
    return Until.matches(
        job + " is told",
        () -> feed.get("jobs/" + job).json(),
        whole -> whole.getJsonObject("course").getLong("told_at") != null);
  }

  private static String send(Peer peer, String action, JsonObject payload) {
    var id = UUID.randomUUID().toString();
    return peer.request(id, action, payload).acknowledgment(id).jobId();
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }
}
