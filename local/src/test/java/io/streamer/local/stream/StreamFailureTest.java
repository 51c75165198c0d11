package io.streamer.local.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.fault.Fault;
import io.streamer.local.fault.FaultRule;
import io.streamer.local.fault.When;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StreamFailureTest {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final EventSourceMapping WHOLE =
      ScriptedPump.OURS.onError(false, 1, Optional.empty());
  private static final EventSourceMapping SPLIT =
      ScriptedPump.OURS.onError(true, 0, Optional.empty());

  private final RecordingFunction function = new RecordingFunction();

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "{}", "[]", "{\"batchItemFailures\":[]}", "{\"batchItemFailures\":null}"})
  void theseAnswersEndABatch(String answer) throws InterruptedException {
    function.answer(_ -> answer);
    try (var local = filled(WHOLE)) {
      local.pump.awaitDrained();
      assertThat(function.batches()).containsExactly(List.of("a", "b", "c"));
      assertThat(local.failures).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"77\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":2}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
        "{\"batchItemFailures\":[{\"foo\":\"2\"}]}"
      })
  void theseAnswersRepeatTheWholeBatch(String answer) throws InterruptedException {
    var calls = new AtomicInteger();
    function.answer(_ -> calls.getAndIncrement() == 0 ? answer : "{}");
    try (var local = filled(WHOLE)) {
      local.pass(FIRST_PAUSE);
      local.pump.awaitDrained();
      assertThat(function.batches())
          .containsExactly(List.of("a", "b", "c"), List.of("a", "b", "c"));
      assertThat(local.failures).isEmpty();
    }
  }

  @Test
  void theLowestNumberReportedAndAllBehindItAreRepeated() throws InterruptedException {
    function.answer(event -> RecordingFunction.failed(event, "c", "b"));
    try (var local = filled(WHOLE)) {
      local.pass(FIRST_PAUSE);
      local.pump.awaitDrained();
      assertThat(function.batches()).containsExactly(List.of("a", "b", "c"), List.of("b", "c"));
      var document = new JsonObject(local.failures.take());
      assertThat(batch(document).getInteger("batchSize")).isEqualTo(2);
      assertThat(response(document).getValue("functionError")).isNull();
    }
  }

  @Test
  void withoutReportsTheAnswerSaysNothing() throws InterruptedException {
    function.answer(event -> RecordingFunction.failed(event, "a"));
    try (var local = filled(WHOLE.withoutReports())) {
      local.pump.awaitDrained();
      assertThat(function.batches()).hasSize(1);
      assertThat(local.failures).isEmpty();
    }
  }

  @Test
  void afterThreeRetriesABatchIsGivenUpAtTheFourthCall() throws InterruptedException {
    function.answer(StreamFailureTest::broken);
    try (var local = filled(ScriptedPump.OURS.onError(false, 3, Optional.empty()))) {
      for (var pause : List.of(50, 100, 200)) {
        local.pass(Duration.ofMillis(pause));
      }
      local.pump.awaitDrained();
      assertThat(function.batches()).hasSize(4).containsOnly(List.of("a", "b", "c"));
      var document = new JsonObject(local.failures.take());
      assertThat(request(document).getString("condition")).isEqualTo("RetryAttemptsExhausted");
      assertThat(request(document).getInteger("approximateInvokeCount")).isEqualTo(4);
      assertThat(response(document).getString("functionError")).isEqualTo("Unhandled");
      assertThat(batch(document).getInteger("batchSize")).isEqualTo(3);
      assertThat(batch(document).getString("shardId")).isEqualTo("shard");
      assertThat(batch(document).getString("streamArn")).isEqualTo(ScriptedStream.ARN);
    }
  }

  @Test
  void aBatchThatThrowsIsHalvedAndASplitIsNoAttempt() throws InterruptedException {
    function.answer(event -> RecordingFunction.ids(event).contains("c") ? broken(event) : "{}");
    try (var local = filled(SPLIT)) {
      local.pump.awaitDrained();
      assertThat(function.batches())
          .containsExactly(
              List.of("a", "b", "c"), List.of("a"), List.of("b", "c"), List.of("b"), List.of("c"));
      var document = new JsonObject(local.failures.take());
      assertThat(request(document).getInteger("approximateInvokeCount")).isEqualTo(1);
      assertThat(batch(document).getInteger("batchSize")).isEqualTo(1);
      assertThat(local.failures).isEmpty();
    }
  }

  @Test
  void aReportedBatchIsSplitAtTheNumberReported() throws InterruptedException {
    function.answer(event -> RecordingFunction.failed(event, "b"));
    try (var local = filled(SPLIT)) {
      local.pump.awaitDrained();
      assertThat(function.batches())
          .containsExactly(List.of("a", "b", "c"), List.of("b", "c"), List.of("b"), List.of("c"));
      assertThat(local.failures).hasSize(1);
    }
  }

  @Test
  void anAnswerThatIsLostBringsItsRecordsAgain() throws InterruptedException {
    try (var local = new ScriptedPump(WHOLE)) {
      local.faults.add(FaultRule.stream(When.first(1), new Fault.LoseAnswer()));
      fill(local);
      local.pump.awaitDrained();
      assertThat(function.batches())
          .containsExactly(List.of("a", "b", "c"), List.of("a", "b", "c"));
      assertThat(local.failures).isEmpty();
    }
  }

  @Test
  void recordsOlderThanTheirAgeAreGivenUpAndTheYoungerGoOn() throws InterruptedException {
    try (var local = new ScriptedPump(retrying(Optional.of(MINUTE)))) {
      var calls = new AtomicInteger();
      function.answer(event -> calls.getAndIncrement() == 0 ? broken(event) : "{}");
      local.function(function);
      local.stream.open("shard");
      var number = local.stream.write("shard", "old");
      local.time.advance(Duration.ofSeconds(30));
      local.stream.write("shard", "young");
      local.pump.start();
      local.time.awaitTimer(FIRST_PAUSE);
      local.time.advance(Duration.ofSeconds(30));
      local.pump.awaitDrained();
      assertThat(function.batches()).containsExactly(List.of("old", "young"), List.of("young"));
      var document = new JsonObject(local.failures.take());
      assertThat(request(document).getString("condition")).isEqualTo("RecordAgeExceeded");
      assertThat(request(document).getInteger("approximateInvokeCount")).isEqualTo(1);
      assertThat(response(document).getString("functionError")).isEqualTo("Unhandled");
      assertThat(batch(document).getInteger("batchSize")).isEqualTo(1);
      assertThat(batch(document).getString("startSequenceNumber")).isEqualTo(number);
      assertThat(local.failures).isEmpty();
    }
  }

  @Test
  void withoutAnAgeABatchIsRepeatedUntilTheStreamsDayIsOver() throws InterruptedException {
    function.answer(StreamFailureTest::broken);
    try (var local = filled(retrying(Optional.empty()))) {
      for (var pause : List.of(50, 100, 200, 400, 800, 1000, 1000)) {
        local.pass(Duration.ofMillis(pause));
      }
      local.time.awaitTimer(Duration.ofSeconds(1));
      assertThat(local.failures).isEmpty();
      local.time.advance(Duration.ofHours(24));
      local.pump.awaitDrained();
      assertThat(function.batches()).hasSize(8);
      var document = new JsonObject(local.failures.take());
      assertThat(request(document).getString("condition")).isEqualTo("RecordAgeExceeded");
    }
  }

  @Test
  void aFunctionNeverReachedIsNotInTheDocument() throws InterruptedException {
    try (var local = new ScriptedPump(WHOLE.onError(false, 0, Optional.of(MINUTE)))) {
      local.stream.open("shard");
      local.stream.write("shard", "a");
      local.pump.start();
      local.pass(FIRST_PAUSE);
      local.pass(FIRST_PAUSE.multipliedBy(2));
      local.time.advance(MINUTE);
      local.pump.awaitDrained();
      var document = new JsonObject(local.failures.take());
      assertThat(request(document).getString("condition")).isEqualTo("RecordAgeExceeded");
      assertThat(request(document).getInteger("approximateInvokeCount")).isZero();
      assertThat(document.containsKey("responseContext")).isFalse();
    }
  }

  /** A pump that has begun with a, b and c in one shard. */
  private ScriptedPump filled(EventSourceMapping mapping) {
    var local = new ScriptedPump(mapping);
    fill(local);
    return local;
  }

  private void fill(ScriptedPump local) {
    local.function(function);
    local.stream.open("shard");
    List.of("a", "b", "c").forEach(id -> local.stream.write("shard", id));
    local.pump.start();
  }

  private static EventSourceMapping retrying(Optional<Duration> age) {
    return ScriptedPump.OURS.onError(false, -1, age);
  }

  private static String broken(JsonObject event) {
    throw new IllegalStateException("broken by " + event.size());
  }

  private static JsonObject request(JsonObject document) {
    return document.getJsonObject("requestContext");
  }

  private static JsonObject response(JsonObject document) {
    return document.getJsonObject("responseContext");
  }

  private static JsonObject batch(JsonObject document) {
    return document.getJsonObject("DDBStreamBatchInfo");
  }
}
