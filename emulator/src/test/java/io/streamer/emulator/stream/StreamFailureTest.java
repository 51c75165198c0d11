package io.streamer.emulator.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.When;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StreamFailureTest {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final EventSourceMapping ONCE = ScriptedPump.mapping(100, 1, 0);
  private static final Duration AGE = ONCE.maximumAge();

  private final RecordingFunction function = new RecordingFunction();

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "{}", "[]", "{\"batchItemFailures\":[]}", "{\"batchItemFailures\":null}"})
  void theseAnswersEndABatch(String answer) throws InterruptedException {
    function.answer(_ -> answer);
    try (var local = filled(ONCE, "a", "b", "c")) {
      local.pump.awaitDrained();
      assertThat(function.batches()).containsExactly(List.of("a", "b", "c"));
      assertThat(local.pump.givenUp()).isZero();
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
  void theseAnswersFailTheWholeBatch(String answer) throws InterruptedException {
    var calls = new AtomicInteger();
    function.answer(_ -> calls.getAndIncrement() == 0 ? answer : "{}");
    try (var local = filled(ONCE, "a", "b", "c")) {
      local.pump.awaitDrained();
      assertThat(function.batches())
          .containsExactly(List.of("a", "b", "c"), List.of("a"), List.of("b", "c"));
      assertThat(local.pump.givenUp()).isZero();
    }
  }

  @Test
  void aBatchIsSplitAtTheLowestNumberReported() throws InterruptedException {
    function.answer(event -> RecordingFunction.failed(event, "c", "b"));
    try (var local = filled(ONCE, "a", "b", "c")) {
      local.pump.awaitDrained();
      assertThat(function.batches())
          .containsExactly(List.of("a", "b", "c"), List.of("b", "c"), List.of("b"), List.of("c"));
      assertThat(local.pump.givenUp()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void whatStandsBeforeTheNumberReportedIsNotGivenAgain(int failed) throws InterruptedException {
    var ids = List.of("a", "b", "c", "d", "e");
    function.answer(event -> RecordingFunction.failed(event, ids.get(failed)));
    try (var local = filled(ONCE, ids.toArray(String[]::new))) {
      local.pump.awaitDrained();
      assertThat(function.batches())
          .startsWith(ids, ids.subList(failed, 5))
          .contains(List.of(ids.get(failed)));
      assertThat(local.pump.givenUp()).isEqualTo(1);
    }
  }

  @Test
  void aBatchThatThrowsIsHalvedAndASplitIsNoAttempt() throws InterruptedException {
    function.answer(event -> RecordingFunction.ids(event).contains("c") ? broken(event) : "{}");
    try (var local = filled(ONCE, "a", "b", "c")) {
      local.pump.awaitDrained();
      assertThat(function.batches())
          .containsExactly(
              List.of("a", "b", "c"), List.of("a"), List.of("b", "c"), List.of("b"), List.of("c"));
      assertThat(local.pump.givenUp()).isEqualTo(1);
    }
  }

  @Test
  void afterItsRetriesWithGrowingPausesARecordIsGivenUp() throws InterruptedException {
    function.answer(StreamFailureTest::broken);
    try (var local = filled(ScriptedPump.mapping(100, 1, 7), "a")) {
      for (var pause : List.of(50, 100, 200, 400, 800, 1000)) {
        local.pass(Duration.ofMillis(pause));
      }
      local.time.awaitTimer(Duration.ofSeconds(1));
      assertThat(local.pump.givenUp()).isZero();
      local.time.advance(Duration.ofSeconds(1));
      local.pump.awaitDrained();
      assertThat(function.batches()).hasSize(8).containsOnly(List.of("a"));
      assertThat(local.pump.givenUp()).isEqualTo(1);
    }
  }

  @Test
  void anAnswerThatIsLostBringsItsRecordsAgain() throws InterruptedException {
    try (var local = new ScriptedPump(ONCE)) {
      local.faults.add(FaultRule.stream(When.first(1), new Fault.LoseAnswer()));
      fill(local, "a", "b", "c");
      local.pump.awaitDrained();
      assertThat(function.batches())
          .containsExactly(List.of("a", "b", "c"), List.of("a", "b", "c"));
      assertThat(local.pump.givenUp()).isZero();
    }
  }

  @Test
  void recordsOlderThanTheirAgeAreGivenUpAndTheYoungerOfABatchGoOn() throws InterruptedException {
    var half = AGE.dividedBy(2);
    function.answer(event -> RecordingFunction.ids(event).contains("young") ? "{}" : broken(event));
    try (var local = filled(ScriptedPump.OURS, "stuck")) {
      local.time.awaitTimer(FIRST_PAUSE);
      local.stream.write("shard", "old");
      local.time.advance(half);
      local.stream.write("shard", "young");
      local.pump.wake();
      local.stream.awaitCaughtUp();
      local.time.awaitTimer(FIRST_PAUSE.multipliedBy(2));
      local.time.advance(half);
      local.pump.awaitDrained();
      assertThat(function.batches())
          .containsExactly(List.of("stuck"), List.of("stuck"), List.of("young"));
      assertThat(local.pump.givenUp()).isEqualTo(2);
    }
  }

  @Test
  void aRecordWhoseFunctionIsNeverReachedIsGivenUpAtItsAge() throws InterruptedException {
    try (var local = new ScriptedPump(ONCE)) {
      local.stream.open("shard");
      local.stream.write("shard", "a");
      local.pump.start();
      local.pass(FIRST_PAUSE);
      local.pass(FIRST_PAUSE.multipliedBy(2));
      local.time.awaitTimer(FIRST_PAUSE.multipliedBy(4));
      assertThat(local.pump.givenUp()).isZero();
      local.time.advance(AGE);
      local.pump.awaitDrained();
      assertThat(local.pump.givenUp()).isEqualTo(1);
    }
  }

  /** A pump that has begun with these in one shard. */
  private ScriptedPump filled(EventSourceMapping mapping, String... ids) {
    var local = new ScriptedPump(mapping);
    fill(local, ids);
    return local;
  }

  private void fill(ScriptedPump local, String... ids) {
    local.function(function);
    local.stream.open("shard");
    List.of(ids).forEach(id -> local.stream.write("shard", id));
    local.pump.start();
  }

  private static String broken(JsonObject event) {
    throw new IllegalStateException("broken by " + event.size());
  }
}
