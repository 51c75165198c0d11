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
  private final SocketMessages messages = new SocketMessages(feed);
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
    for (int i = 1; i <= 500; i++) {
      passed(false, progress(i, "x".repeat(10_000)));
    }

    var course = feed.find("job").orElseThrow().course();
    assertThat(course.frames()).hasSize(100);
    assertThat(course.framesLeftOut()).isEqualTo(400);
    assertThat(course.frames().getFirst().text()).contains("\"seq\":1,");
    assertThat(course.frames().getLast().text()).contains("\"seq\":500,");
    assertThat(course.frames())
        .allSatisfy(frame ->
            assertThat(frame.text().length()).isLessThanOrEqualTo(SeenFrame.MOST_CHARS + 1));
    assertThat(course.progress().size()).isLessThanOrEqualTo(200);
  }

  @Test
  void ofAllFramesThoseOfTheOldestJobsGoFirst() {
    for (int job = 0; job < 100; job++) {
      put("job" + job, "RUNNING", 1, 0);
      for (int i = 1; i <= 100; i++) {
        passed(
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
  void ofRequestsThatAreNeverAcknowledgedTheNewestAreKept() {
    for (int i = 0; i <= SocketMessages.MOST_REQUESTS; i++) {
      passed(true, request("r" + i, ""));
    }
    for (var id : List.of("r0", "r" + SocketMessages.MOST_REQUESTS)) {
      put("of-" + id, "RUNNING", 1, 0);
      passed(false, acknowledgment(id));
    }

    assertThat(types("of-r0")).containsExactly("acknowledgment");
    assertThat(types("of-r" + SocketMessages.MOST_REQUESTS))
        .containsExactly("request", "acknowledgment");
  }

  @Test
  void ofLargeRequestsThatAreNeverAcknowledgedFewerAreKept() {
    for (int i = 0; i <= SocketMessages.MOST_REQUESTS / 2; i++) {
      passed(true, request("r" + i, "x".repeat(SeenFrame.MOST_CHARS)));
    }
    put("of-r0", "RUNNING", 1, 0);
    passed(false, acknowledgment("r0"));

    assertThat(types("of-r0")).containsExactly("acknowledgment");
  }

  @Test
  void aRequestIsThatOfTheSocketOnWhichItCame() {
    put("of-r", "RUNNING", 1, 0);
    passed(true, request("r", ""));
    messages.passed(new Message(1, "direct", "somebody else", false, acknowledgment("r")));

    assertThat(types("of-r")).containsExactly("acknowledgment");
  }

  @Test
  void aRequestThatWasAnsweredIsForgotten() {
    put("of-r", "RUNNING", 1, 0);
    passed(true, request("r", ""));
    passed(false, JsonObject.of("type", "response", "request_id", "r").toBuffer());
    passed(false, acknowledgment("r"));

    assertThat(types("of-r")).containsExactly("acknowledgment");
  }

  private List<String> types(String job) {
    return feed.find(job).orElseThrow().course().frames().stream().map(SeenFrame::type).toList();
  }

  private void passed(boolean fromClient, Buffer message) {
    messages.passed(new Message(1, "direct", "somebody", fromClient, message));
  }

  private static Buffer request(String id, String payload) {
    return JsonObject.of("type", "request", "id", id, "payload", payload).toBuffer();
  }

  private static Buffer acknowledgment(String request) {
    return JsonObject.of("type", "acknowledgment", "request_id", request, "job_id", "of-" + request)
        .toBuffer();
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
  void whatIsToldOfAFailedAttemptIsNoProgress() {
    put("job", "RUNNING", 1, 0);
    feed.failed("job", 1, "no", Optional.empty());
    passed(false, ofAttempt(1));
    assertThat(feed.find("job").orElseThrow().course().firstProgressAt()).isEmpty();
    assertThat(types("job")).containsExactly("progress");

    passed(false, ofAttempt(2));
    assertThat(feed.find("job").orElseThrow().course().firstProgressAt()).isPresent();
  }

  @Test
  void whatAJobReportedIsBeforeItsEndInOneRow() {
    put("job", "RUNNING", 1, 0);
    put("job", "FAILED", 1, 50);

    assertThat(feed.find("job").orElseThrow().course().moments())
        .extracting("what")
        .containsSubsequence("first progress", "failed");
  }

  private static Buffer ofAttempt(int attempt) {
    return JsonObject.of("type", "progress", "job_id", "job", "percentage", 0, "attempt", attempt)
        .toBuffer();
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
    store.written("PutItem", Rows.put(job, status, epoch, percentage), Rows.NOTHING);
  }

  private static Buffer progress(int seq, String message) {
    return JsonObject.of(
            "type", "progress", "job_id", "job", "seq", seq, "percentage", 5, "message", message)
        .toBuffer();
  }
}
