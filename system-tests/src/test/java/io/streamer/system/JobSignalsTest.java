package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.cost.Workload;
import io.streamer.handler.Failure;
import io.streamer.handler.RawJson;
import io.streamer.shared.signal.Metric;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each run leaves one line of metrics, as CloudWatch reads them from a log. */
@Timeout(60)
class JobSignalsTest extends WorkerFixture {
  @Test
  void aJobsTimesAreItsOwn() throws Exception {
    behaviour =
        (_, run) -> {
          time.advance(Duration.ofMillis(300));
          run.progress(10, "begun");
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("probe", "{\"password\":\"hunter2\"}");
    time.advance(Duration.ofMillis(200));
    var invocation = start(id);
    node.next();
    time.advance(Duration.ofMillis(700));
    release.countDown();
    invocation.get();

    var line = line();
    assertThat(line.getLong("streamer.job.start")).isEqualTo(200);
    assertThat(line.getLong("streamer.job.first.progress")).isEqualTo(500);
    assertThat(line.getLong("streamer.job.time")).isEqualTo(1_200);
    assertThat(line.getString("status")).isEqualTo("succeeded");
    assertThat(line.getString("outcome")).isEqualTo("ended");
    assertThat(line.getString("action")).isEqualTo("probe");
    assertThat(line.getString("job_id")).isEqualTo(id.value());
    assertThat(line.getString("tenant")).isEqualTo("acme");
    assertThat(line.encode()).doesNotContain("hunter2", "between-us");
  }

  /** With the three lines of Lambda's own, of either function, which are some 850 bytes. */
  @Test
  void aRunsLineHasRoomInWhatTheEstimateCountsOfTheLog() throws Exception {
    behaviour =
        (_, run) -> {
          run.progress(10, "begun");
          node.next();
          return RawJson.of("{}");
        };
    start(submit("probe", "{}")).get();

    assertThat(signals).hasSize(1);
    assertThat(signals.getFirst().length() + 850)
        .isLessThanOrEqualTo((int) (Workload.Field.JOB_LOG_KB.fallback() * 1_024));
  }

  @Test
  void everyMetricIsDeclaredWithItsLabelAsADimension() throws Exception {
    start(submit("probe", "{}")).get();
    var line = line();
    assertThat(line.getJsonObject("_aws").getLong("Timestamp")).isEqualTo(time.millis());
    var declared = new HashMap<String, JsonObject>();
    EmbeddedMetrics.of(signals.getFirst())
        .directives()
        .forEach(directive ->
            EmbeddedMetrics.metrics(directive)
                .forEach(metric -> declared.put(metric.getString("Name"), directive)));
    assertThat(declared.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Metric.values())
                .filter(metric -> metric.kind() == Metric.Kind.LINE)
                .map(Metric::title)
                .toList());
    assertThat(declared.keySet()).allMatch(line::containsKey);
    declared
        .values()
        .forEach(it -> {
          assertThat(it.getString("Namespace")).isEqualTo("Shop/Streamer");
          assertThat(it.getJsonArray("Dimensions").getJsonArray(0).stream().map(String.class::cast))
              .allMatch(line::containsKey);
        });
    assertThat(declared.get("streamer.jobs.ended").getJsonArray("Dimensions"))
        .isEqualTo(new JsonArray().add(new JsonArray().add("Service").add("status")));
    assertThat(Metric.JOBS_ENDED.labelValues()).contains(line.getString("status"));
  }

  @Test
  void anOwnerThatIsToldAtOnceIsToldInTime() throws Exception {
    start(submit("probe", "{}")).get();
    assertThat(line().getString("told")).isEqualTo("in_time");
    assertThat(line().getLong("streamer.job.told")).isZero();
  }

  @Test
  void anOwnerThatIsToldBehindFiveSecondsIsToldLate() throws Exception {
    node.hold();
    var run = start(submit("probe", "{}"));
    Until.holds("the end is on its way", () -> node.waiting() == 1);
    time.advance(Duration.ofMillis(5_001));
    node.letGo();
    run.get();
    assertThat(line().getString("told")).isEqualTo("late");
    assertThat(line().getLong("streamer.job.told")).isGreaterThanOrEqualTo(5_001);
  }

  @Test
  void anOwnerThatTakesNothingIsLeftToOthersAndCountsAsLate() throws Exception {
    node.answer(503);
    timePassesUntilDone(start(submit("probe", "{}")), Duration.ofSeconds(1));
    assertThat(line().getString("told")).isEqualTo("late");
    assertThat(line().fieldNames()).doesNotContain("streamer.job.told");
  }

  @Test
  void whereNobodyIsThereNobodyIsCounted() throws Exception {
    start(submit("probe", "{}", Optional.empty())).get();
    assertThat(line().fieldNames())
        .doesNotContain("told", "streamer.job.told", "streamer.jobs.told");
    signals.clear();

    node.answer(410);
    start(submit("probe", "{}")).get();
    assertThat(line().fieldNames())
        .doesNotContain("told", "streamer.job.told", "streamer.jobs.told");
  }

  @Test
  void aFailureAndAnAttemptThatIsTriedAgainSayWhichTheyAre() throws Exception {
    behaviour =
        (_, _) -> {
          throw Failure.refused("no", "not today");
        };
    start(submit("probe", "{}")).get();
    assertThat(line().getString("status")).isEqualTo("failed");
    signals.clear();

    behaviour =
        (_, _) -> {
          throw new IllegalStateException("for once");
        };
    start(submit("persist", "{}")).get();
    var again = line();
    assertThat(again.getString("outcome")).isEqualTo("retried");
    assertThat(again.fieldNames()).doesNotContain("status", "streamer.job.time");
  }

  @Test
  void aJobOfAnUnknownActionLeavesItsLineToo() throws Exception {
    var id = submit("nobody.knows", "{}");
    time.advance(Duration.ofMillis(200));
    start(id).get();
    assertThat(line().getString("outcome")).isEqualTo("retried");
    assertThat(line().getLong("streamer.job.start")).isEqualTo(200);
  }

  @Test
  void oneWhoseJobIsAnothersLeavesNoLine() throws Exception {
    var id = submit("probe", "{}");
    start(id).get();
    signals.clear();
    start(id).get();
    assertThat(signals).isEmpty();
  }

  private JsonObject line() {
    assertThat(signals).hasSize(1);
    assertThat(signals.getFirst()).doesNotContain("\n");
    return new JsonObject(signals.getFirst());
  }
}
