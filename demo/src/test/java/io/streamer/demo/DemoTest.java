package io.streamer.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.streamer.handler.Config;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.RawJson;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.action.Definition;
import io.streamer.test.Outcome;
import io.streamer.test.Report;
import io.streamer.test.TestEvent;
import io.streamer.test.TestRun;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoTest {
  private static final Instant NOW = Instant.parse("2025-01-31T12:00:00Z");
  private static final Duration THRESHOLD = Duration.ofSeconds(5);

  private final InstantSource clock = InstantSource.fixed(NOW);
  private final List<Duration> waited = new ArrayList<>();
  private final TestRun<Delay.Request> delay = TestRun.of(new Delay(waited::add));

  @Test
  void theActionsAreFoundAsAServiceWhereTheSettingIsOn() {
    assertThat(actions(name -> Optional.of("true").filter(_ -> name.equals("STREAMER_DEMO"))))
        .containsExactly(
            "echo",
            "health",
            "echo_async",
            "delay",
            "generate_report",
            "process_data",
            "bulk_operation");
    assertThat(actions(_ -> Optional.empty())).isEmpty();
  }

  private static List<String> actions(Config config) {
    try (var catalogue = Catalogue.of(ServiceLoader.load(HandlerModule.class), config)) {
      catalogue.definitions().forEach(Definition::open);
      return catalogue.definitions().stream().map(Definition::action).toList();
    }
  }

  @Test
  void onlyEchoAndHealthAreAnsweredOnTheSpot() {
    try (var catalogue =
        Catalogue.of(ServiceLoader.load(HandlerModule.class), _ -> Optional.of("true"))) {
      assertThat(catalogue.definitions())
          .filteredOn(definition -> definition.answersWithin(THRESHOLD))
          .extracting(Definition::action)
          .containsExactly("echo", "health");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{ \"a\" : 1.50, \"a\" : 2 }", "[]", "\"é\"", "7"})
  void echoGivesBackEveryByte(String payload) throws Exception {
    assertThat(TestRun.of(new Echo(clock)).runJson(payload).completed().result())
        .hasToString(
            "{\"echo\":%s,\"action\":\"echo\",\"received_at\":\"%s\"}".formatted(payload, NOW));
  }

  @Test
  void healthIsHealthy() throws Exception {
    assertThat(
            TestRun.of(new HealthAction(clock))
                .runJson("null")
                .completed()
                .as(HealthAction.Result.class))
        .isEqualTo(new HealthAction.Result("healthy", NOW, "unbuilt"));
  }

  @Test
  void echoAsyncReportsEveryQuarterOfFiveSeconds() throws Exception {
    var run = TestRun.of(new EchoAsync(waited::add, clock));
    var result = run.runJson("{\"a\":[1.0, 2]}").completed();
    assertThat(result.as(EchoAsync.Result.class))
        .isEqualTo(new EchoAsync.Result(Map.of("a", RawJson.of("[1.0, 2]")), NOW, "EchoAsync"));
    assertThat(run.progress())
        .extracting(Report::percentage)
        .containsExactly(0., 25., 50., 75., 100.);
    assertThat(waited).hasSize(4).containsOnly(Duration.ofMillis(1250));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "\"x\""})
  void echoAsyncTakesObjectsOnly(String payload) throws Exception {
    assertThat(TestRun.of(new EchoAsync(waited::add, clock)).runJson(payload))
        .isEqualTo(invalid("", "must be an object"));
  }

  @Test
  void delayPassesItsTimeInTenSteps() throws Exception {
    var result = delay.runJson("{\"seconds\":0.5}").completed();
    assertThat(result.result()).hasToString("{\"duration\":0.5,\"steps\":10,\"attempt\":1}");
    assertThat(waited).hasSize(10).containsOnly(Duration.ofMillis(50));
    assertThat(delay.progress())
        .hasSize(10)
        .startsWith(new Report(10, "step 1 of 10"))
        .endsWith(new Report(100, "step 10 of 10"));
  }

  @Test
  void delayFallsSilentWhereItIsTold() throws Exception {
    delay.runJson("{\"seconds\":60,\"steps\":4,\"hold_at\":50}").completed();
    assertThat(delay.progress()).extracting(Report::percentage).containsExactly(25., 50.);
    assertThat(waited).hasSize(4).containsOnly(Duration.ofSeconds(15));
  }

  @Test
  void delayFailsAsOftenAsItIsTold() throws Exception {
    assertThat(delay.runJson("{\"seconds\":0,\"fail_times\":2}"))
        .isInstanceOfSatisfying(
            Outcome.TryAgain.class, again -> assertThat(again.reason()).isEqualTo("FAIL_TIMES"));
    assertThat(delay.next()).isInstanceOf(Outcome.TryAgain.class);
    assertThat(delay.next().completed().as(Delay.Result.class))
        .isEqualTo(new Delay.Result(0, 10, 3, Optional.empty()));
  }

  @Test
  void delayThatFailsTooOftenIsADeadLetterWithinAMinute() throws Exception {
    delay.runJson("{\"seconds\":0,\"fail_times\":100}");
    var waits = Duration.ZERO;
    while (delay.longestWait().isPresent()) {
      waits = waits.plus(delay.longestWait().get());
      assertThat(delay.next()).isInstanceOf(Outcome.TryAgain.class);
    }
    assertThat(waits).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void delaysStepsAreEventsIfItIsTold() throws Exception {
    delay.runJson("{\"seconds\":0,\"steps\":2,\"events\":true}").completed();
    assertThat(delay.events())
        .extracting(TestEvent::name, event -> event.as(Delay.Step.class))
        .containsExactly(tuple("step", new Delay.Step(1, 2)), tuple("step", new Delay.Step(2, 2)));
    delay.runJson("{\"seconds\":0}").completed();
    assertThat(delay.events()).isEmpty();
  }

  @Test
  void delayGoesOnBehindTheStepsThatAreOver() throws Exception {
    var payload = "{\"seconds\":4,\"steps\":4,\"events\":true}";
    assertThat(delay.crashAfterCheckpoint(2).runJson(payload)).isEqualTo(new Outcome.Crashed());
    assertThat(delay.next().completed().as(Delay.Result.class).attempt()).isEqualTo(2);
    assertThat(waited).hasSize(4).containsOnly(Duration.ofSeconds(1));
    assertThat(delay.events())
        .extracting(event -> event.as(Delay.Step.class).step())
        .containsExactly(1, 2, 3, 4);

    assertThat(delay.crashAfterEvent(3).runJson(payload)).isEqualTo(new Outcome.Crashed());
    delay.next().completed();
    assertThat(delay.events())
        .extracting(event -> event.as(Delay.Step.class).step())
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void aLongStepIsPassedInSlices() throws Exception {
    var payload = "{\"seconds\":100,\"steps\":2}";
    // the fifth slice is the first of the second step
    assertThat(delay.outOfTimeAtCheckpoint(5).runJson(payload)).isEqualTo(new Outcome.OutOfTime());
    assertThat(delay.next().completed().as(Delay.Result.class).attempt()).isEqualTo(1);
    assertThat(waited.stream().reduce(Duration.ZERO, Duration::plus))
        .isEqualTo(Duration.ofSeconds(100));
    assertThat(delay.progress())
        .extracting(Report::message)
        .as("the first step was reported by the first invocation")
        .containsExactly("step 2 of 2");
  }

  @Test
  void delayPadsItsResult() throws Exception {
    assertThat(
            delay
                .runJson("{\"seconds\":0,\"result_kb\":3}")
                .completed()
                .as(Delay.Result.class)
                .padding())
        .hasValueSatisfying(padding -> assertThat(padding).hasSize(3 * 1024));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | /seconds | is missing",
        "null | `` | must be an object",
        "{\"seconds\":-1} | /seconds | must be from 0 to 3600",
        "{\"seconds\":3600.5} | /seconds | must be from 0 to 3600",
        "{\"seconds\":\"1\"} | /seconds | must be a number",
        "{\"seconds\":1,\"steps\":0} | /steps | must be from 1 to 1000",
        "{\"seconds\":1,\"steps\":1001} | /steps | must be from 1 to 1000",
        "{\"seconds\":1,\"steps\":1.5} | /steps | must be a whole number",
        "{\"seconds\":1,\"events\":1} | /events | must be true or false",
        "{\"seconds\":1,\"hold_at\":101} | /hold_at | must be from 0 to 100",
        "{\"seconds\":1,\"failTimes\":-1} | /failTimes | must be from 0 to 100",
        "{\"seconds\":1,\"result_kb\":1001} | /result_kb | must be from 0 to 1000"
      })
  void delayNamesTheFieldThatIsWrong(String payload, String pointer, String message)
      throws Exception {
    assertThat(delay.runJson(payload)).isEqualTo(invalid(pointer, message));
    assertThat(waited).isEmpty();
  }

  @Test
  void delayEndsWhenItIsInterrupted() throws Exception {
    var time = Duration.ofMillis(1);
    assertThat(
            TestRun.of(new Delay(_ -> new CountDownLatch(1).await()))
                .timeout(time)
                .runJson("{\"seconds\":1}"))
        .isEqualTo(new Outcome.TimedOut(time, true));
  }

  private static Outcome invalid(String pointer, String message) {
    return new Outcome.Invalid(List.of(new Outcome.Field(pointer, message)));
  }
}
