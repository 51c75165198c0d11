package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.build.Distribution;
import io.streamer.soak.bench.Bench;
import io.streamer.soak.bench.BenchCase;
import io.streamer.soak.bench.Figure;
import io.streamer.soak.bench.server.BenchOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The bench, for as long as it takes to see that each case measures each side. */
@Tag("alone")
@EnabledOnOs(OS.LINUX)
class BenchTest {
  @TempDir Path scratch;

  @Test
  void whatAnswersOnTheSpotIsMeasuredOnEachSide() throws Exception {
    try (var bench = Bench.start(packed(), _ -> {})) {
      for (var one : List.of(BenchCase.ECHO_1, BenchCase.RATE_10K)) {
        var figures = bench.run(one);
        assertThat(figures)
            .extracting(Figure::side)
            .containsExactly("bare", "plain", "bound", "vertx");
        assertThat(figures)
            .allSatisfy(figure -> {
              assertThat(figure.numbers().get("per_second")).as("%s", figure).isPositive();
              assertThat(figure.numbers().get("p50_us")).as("%s", figure).isPositive();
              assertThat(figure.numbers().get("refused")).as("%s", figure).isZero();
            });
      }
      var submitted = bench.run(BenchCase.SUBMIT).getFirst().numbers();
      assertThat(submitted).containsEntry("refused", 0.0);
      assertThat(submitted.get("per_second")).isPositive();
      for (var one : List.of(BenchCase.CONNECT, BenchCase.CONNECT_ES256, BenchCase.IDLE)) {
        assertThat(bench.run(one)).extracting(Figure::side).containsExactly("bare", "plain");
      }
      assertThat(bench.run(BenchCase.WORKER_START))
          .allSatisfy(figure -> {
            assertThat(figure.numbers().get("cpu_ms")).as("%s", figure).isPositive();
            assertThat(figure.json().getDouble("to_empty")).as("%s", figure).isPositive();
          })
          .extracting(Figure::side)
          .containsExactly("empty", "client", "no-cache", "aot-cache");
      assertThat(bench.run(BenchCase.SIGNALS_1))
          .hasSize(15)
          .allSatisfy(figure -> {
            assertThat(figure.json().getDouble("to_off")).as("%s", figure).isPositive();
            assertThat(figure.numbers().get("refused")).as("%s", figure).isZero();
          })
          .extracting(Figure::side)
          .startsWith("plain-off", "plain-off-again", "plain-metrics", "plain-traces");
      var held = bench.run(BenchCase.DEV).getFirst().numbers();
      assertThat(held).containsEntry("unopened", 0.0).containsEntry("lost", 0.0);
      assertThat(held).containsEntry("answered", held.get("asked"));
      assertThat(bench.run(BenchCase.STORM))
          .allSatisfy(figure ->
              assertThat(figure.numbers())
                  .containsEntry("unopened", 0.0)
                  .hasEntrySatisfying("per_second", rate -> assertThat(rate).isPositive()))
          .extracting(Figure::side)
          .containsExactly("bare", "no-cache", "aot-cache");
      assertThat(bench.run(BenchCase.EMULATED))
          .allSatisfy(figure -> {
            assertThat(figure.numbers()).containsEntry("refused", 0.0);
            assertThat(figure.numbers().get("p50_us")).as("%s", figure).isPositive();
          })
          .extracting(Figure::side)
          .containsExactly("hops", "emulated");
    }
  }

  @Test
  void jobsAndManySocketsAreFollowed() throws Exception {
    try (var bench = Bench.start(packed(), _ -> {})) {
      var followed = bench.run(BenchCase.LATENCY).getFirst().numbers();
      assertThat(followed).containsEntry("refused", 0.0).containsEntry("poll_ms", 250.0);
      assertThat(followed.get("jobs")).isPositive();
      assertThat(followed.get("progress_p50_ms")).isPositive();
      assertThat(followed.get("result_p50_ms")).isGreaterThan(20);
      var mixed = bench.run(BenchCase.MIXED).getFirst().numbers();
      assertThat(mixed)
          .containsEntry("refused", 0.0)
          .containsEntry("unanswered", 0.0)
          .containsEntry("lost", 0.0);
      assertThat(mixed.get("jobs")).isPositive();
      assertThat(mixed.get("visitors")).isPositive();
      assertThat(mixed.get("most_per_second")).isGreaterThan(mixed.get("per_second"));
      assertThat(mixed.get("first_heap_bytes")).isPositive();
      assertThat(mixed.get("last_threads")).isPositive();
      assertThat(mixed.get("last_files")).isGreaterThan(50);
      assertThat(bench.run(BenchCase.PROGRESS))
          .allSatisfy(figure ->
              assertThat(figure.numbers())
                  .containsEntry("jobs", 100.0)
                  .containsEntry("disordered", 0.0)
                  .containsEntry("missed", 0.0)
                  .containsEntry("refused", 0.0)
                  .hasEntrySatisfying("frames", frames -> assertThat(frames).isGreaterThan(99))
                  .hasEntrySatisfying("age_p50_ms", age -> assertThat(age).isPositive()))
          .extracting(Figure::side)
          .containsExactly("at-10", "at-100");
      var beside = bench.run(BenchCase.STUCK);
      assertThat(beside).extracting(Figure::side).containsExactly("before", "stuck");
      assertThat(beside)
          .allSatisfy(figure -> {
            assertThat(figure.numbers()).containsEntry("refused", 0.0);
            assertThat(figure.numbers().get("most_rss_bytes")).isPositive();
          });
      assertThat(beside.getLast().numbers())
          .containsEntry("stopped", 2.0)
          .containsEntry("closed", 2.0)
          .containsEntry("back", 2.0);
      assertThat(bench.run(BenchCase.STORED))
          .allSatisfy(figure ->
              assertThat(figure.numbers())
                  .containsEntry("refused", 0.0)
                  .containsEntry("stored", stored(figure.side()))
                  .hasEntrySatisfying("store_calls", calls -> assertThat(calls).isGreaterThan(0.9))
                  .hasEntrySatisfying(
                      figure.side().startsWith("submit") ? "write_units" : "read_units",
                      units -> assertThat(units).isGreaterThan(0.4)))
          .extracting(Figure::side)
          .containsExactly(
              "submit-few",
              "submit-more",
              "submit-many",
              "status-few",
              "status-more",
              "status-many");
      assertThat(bench.run(BenchCase.HOLD_SIX))
          .hasSize(6)
          .allSatisfy(figure ->
              assertThat(figure.numbers())
                  .containsEntry("unopened", 0.0)
                  .containsEntry("lost", 0.0)
                  .containsEntry("answered", figure.numbers().get("asked"))
                  .hasEntrySatisfying("asked", asked -> assertThat(asked).isGreaterThan(300)));
    }
  }

  private BenchOptions packed() throws Exception {
    var home = LocalStage.home();
    new Distribution(home, _ -> {}).make(Optional.empty(), false, scratch, Map.of());
    return new BenchOptions(
        home,
        scratch.resolve("gateway"),
        Optional.empty(),
        scratch,
        512L * 1024 * 1024,
        new BenchOptions.Effort(50, 1, 100, 20, 3_000, 6_000, 0));
  }

  private static double stored(String side) {
    return Map.of("few", 1_000.0, "more", 400.0, "many", 4_000.0).get(side.replaceFirst(".*-", ""));
  }
}
