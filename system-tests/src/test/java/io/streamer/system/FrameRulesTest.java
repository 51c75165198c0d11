package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules that every other test leans on do find what they are there for. */
class FrameRulesTest {
  private static final String JOB = "A".repeat(27);

  private final FrameRules rules = new FrameRules();

  @Test
  void anOrderlyJobBreaksNothing() {
    assertThat(take(ack("queued"), progress(3, 0), progress(7, 50), progress(8, 100), complete(9)))
        .isEmpty();
  }

  @Test
  void aFrameThatBreaksItsSchemaIsFound() {
    assertThat(take("{\"type\":\"pong\"}")).isNotEmpty();
    assertThat(take("{\"type\":\"news\",\"timestamp\":1732152000.123}")).isNotEmpty();
  }

  @Test
  void progressBeforeTheAcknowledgmentIsFound() {
    assertThat(take(progress(1, 0))).singleElement().asString().contains("before the answer");
  }

  @Test
  void aSeqThatStandsStillIsFound() {
    assertThat(take(ack("queued"), progress(3, 0), progress(3, 50)))
        .singleElement()
        .asString()
        .contains("seq");
  }

  @Test
  void fallingProgressIsFound() {
    assertThat(take(ack("queued"), progress(3, 50), progress(4, 49.5)))
        .singleElement()
        .asString()
        .contains("falls");
  }

  @Test
  void aSecondHundredIsFound() {
    assertThat(take(ack("queued"), progress(3, 100), progress(4, 100)))
        .singleElement()
        .asString()
        .contains("after 100");
  }

  @Test
  void aCompleteWithoutItsHundredIsFound() {
    assertThat(take(ack("queued"), complete(3))).singleElement().asString().contains("without");
  }

  @Test
  void aHundredBeforeAFailureIsFound() {
    assertThat(take(ack("queued"), progress(3, 100), failure(4)))
        .singleElement()
        .asString()
        .contains("failed");
  }

  @Test
  void aSecondEndIsFound() {
    assertThat(take(ack("queued"), failure(3), failure(4)))
        .singleElement()
        .asString()
        .contains("after its job's end");
  }

  @Test
  void theHundredOfADuplicateMayHaveGoneElsewhere() {
    assertThat(take(ack("duplicate"), complete(9))).isEmpty();
  }

  @Test
  void theAnswerThatSaysThatItSucceededStandsForTheHundred() {
    var known = ack("duplicate").replace("running", "succeeded");
    assertThat(take(ack("queued"), progress(3, 96), known, complete(9))).isEmpty();
  }

  @Test
  void theAnswerThatSaysThatItRunsDoesNot() {
    assertThat(take(ack("queued"), ack("duplicate"), complete(9)))
        .singleElement()
        .asString()
        .contains("without");
  }

  private List<String> take(String... frames) {
    return List.of(frames).stream().flatMap(text -> rules.check(Frame.of(text)).stream()).toList();
  }

  private static String ack(String status) {
    var snapshot =
        ",\"snapshot\":{\"job_id\":\"%s\",\"request_id\":\"r-1\",\"action\":\"a\",\"status\":\"running\",\"percentage\":0,\"message\":\"\",\"seq\":0,\"attempt\":1,\"created_at\":1732152000.123}"
            .formatted(JOB);
    return frame(
        "acknowledgment",
        "\"status\":\"%s\",\"message\":\"m\"%s"
            .formatted(status, status.equals("duplicate") ? snapshot : ""));
  }

  private static String progress(int n, double percentage) {
    return numbered(
        "progress", n, "\"percentage\":" + percentage + ",\"message\":\"\",\"attempt\":1");
  }

  private static String complete(int n) {
    return numbered("complete", n, "\"success\":true,\"result\":{}");
  }

  private static String failure(int n) {
    return numbered(
        "error", n, "\"error\":{\"code\":\"CANCELLED\",\"message\":\"m\",\"retryable\":false}");
  }

  private static String numbered(String type, int n, String fields) {
    return frame(type, "\"seq\":" + (1_000_000_000L + n) + "," + fields);
  }

  private static String frame(String type, String fields) {
    return "{\"type\":\"%s\",\"timestamp\":1732152000.123,\"request_id\":\"r-1\",\"job_id\":\"%s\",%s}"
        .formatted(type, JOB, fields);
  }
}
