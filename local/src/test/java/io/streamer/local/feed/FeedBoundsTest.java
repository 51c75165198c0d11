package io.streamer.local.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.feed.Feed.Wanted;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a feed keeps of a stage that goes on for long, fed with what a store takes. */
class FeedBoundsTest {
  private static final Wanted ALL =
      new Wanted(Optional.empty(), Optional.empty(), Optional.empty(), Feed.MOST_JOBS);

  private final Feed feed = new Feed(InstantSource.system(), Duration.ofDays(7));
  private final RowReader store = new RowReader(feed, "t-jobs");

  @Test
  void theOldestJobsGoFirst() {
    for (int i = 0; i <= Feed.MOST_JOBS; i++) {
      put("job" + i, "QUEUED", 1, 0);
    }

    var rows = feed.rows(ALL).jobs();
    assertThat(rows).hasSize(Feed.MOST_JOBS);
    assertThat(rows.getFirst().jobId()).isEqualTo("job" + Feed.MOST_JOBS);
    assertThat(rows.getLast().jobId()).isEqualTo("job1");
  }

  @Test
  void aRowThatComesLateChangesNothing() {
    put("job", "SUCCEEDED", 2, 100);
    put("job", "RUNNING", 1, 50);
    put("job", "RUNNING", 2, 70);

    assertThat(feed.rows(ALL).jobs())
        .singleElement()
        .satisfies(row -> assertThat(row.status()).isEqualTo("succeeded"));
  }

  @Test
  void ofManyFramesTheFirstAndTheNewestAreKept() {
    put("job", "RUNNING", 1, 0);
    var wire = new Wire(feed, InstantSource.system(), "direct", "somebody");
    for (int i = 1; i <= 500; i++) {
      wire.text(false, progress(i, "x".repeat(10_000)));
    }

    var course = feed.find("job").orElseThrow().course();
    assertThat(course.frames()).hasSize(100);
    assertThat(course.framesLeftOut()).isEqualTo(400);
    assertThat(course.frames().getFirst().text()).contains("\"seq\":1,");
    assertThat(course.frames().getLast().text()).contains("\"seq\":500,");
    assertThat(course.frames())
        .allSatisfy(
            frame -> assertThat(frame.text().length()).isLessThanOrEqualTo(Frame.MOST_CHARS + 1));
    assertThat(course.progress().size()).isLessThanOrEqualTo(200);
  }

  @Test
  void ofAllFramesThoseOfTheOldestJobsGoFirst() {
    var wire = new Wire(feed, InstantSource.system(), "direct", "somebody");
    for (int job = 0; job < 100; job++) {
      put("job" + job, "RUNNING", 1, 0);
      for (int i = 1; i <= 100; i++) {
        wire.text(
            false,
            Buffer.buffer(
                progress(i, "x".repeat(5_000))
                    .toString()
                    .replace("\"job\"", "\"job" + job + "\"")));
      }
    }

    assertThat(feed.find("job0").orElseThrow().course().frames()).isEmpty();
    assertThat(feed.find("job99").orElseThrow().course().frames()).hasSize(100);
  }

  @Test
  void whoeverWatchesIsToldOfEachChange() {
    var told = new ArrayList<String>();
    var unwatch = feed.watch(told::add);
    put("job", "QUEUED", 1, 0);
    feed.failed("job", 1, "no", Optional.of(new IllegalStateException("no")));
    feed.failed("nobody", 1, "no", Optional.empty());
    unwatch.run();
    put("job", "RUNNING", 1, 0);

    assertThat(told).isEqualTo(List.of("job", "job"));
  }

  @Test
  void whatIsNoRowOfAJobIsLeftAlone() {
    store.written(
        "PutItem", Buffer.buffer("{\"TableName\":\"t-nodes\",\"Item\":{}}"), Buffer.buffer("{}"));
    store.written("PutItem", Buffer.buffer("no JSON"), Buffer.buffer("{}"));
    store.written("UpdateItem", Buffer.buffer("{\"TableName\":\"t-jobs\"}"), Buffer.buffer("{}"));

    assertThat(feed.rows(ALL).jobs()).isEmpty();
  }

  private void put(String job, String status, long epoch, double percentage) {
    var row =
        """
        {"TableName":"t-jobs","Item":{"jobId":{"S":"%s"},"run":{"S":"r"},"tenant":{"S":"t"},
        "user":{"S":"u"},"id":{"S":"i"},"action":{"S":"a"},"hash":{"S":"h"},"createdAt":{"N":"1"},
        "status":{"S":"%s"},"epoch":{"N":"%d"},"attempt":{"N":"1"},"percentage":{"N":"%s"},
        "message":{"S":""},"seq":{"N":"1"},"eventSeq":{"N":"0"},"payload":{"B":"e30="}}}
        """
            .formatted(job, status, epoch, percentage);
    store.written("PutItem", Buffer.buffer(row), Buffer.buffer("{}"));
  }

  private static Buffer progress(int seq, String message) {
    return JsonObject.of(
            "type", "progress", "job_id", "job", "seq", seq, "percentage", 5, "message", message)
        .toBuffer();
  }
}
