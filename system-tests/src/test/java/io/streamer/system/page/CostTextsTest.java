package io.streamer.system.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.streamer.cli.cost.Bill;
import io.streamer.cli.cost.Bill.Door;
import io.streamer.cli.cost.JobUse;
import io.streamer.cli.cost.Prices;
import io.streamer.cli.cost.Workload;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures of cost that stand in several texts are the same in all. */
class CostTextsTest {
  private static final Path HOME = Path.of("..");

  /** Ten series, which the pages name apart from what stands. */
  private static final double WORKERS_METRICS_USD = 3;

  /** Five seconds with progress; {@code JobCostTest} holds it to what the tables count. */
  private static final double SMALL_JOB = new JobUse(5, 10, 0.2, 0.3, 100, 0, 0, 0, 0).writes();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "docs/sizing.md | a small job of 5 seconds, from submit to end, however often it reports . (\\d+) \\(",
        "docs/sizing.md | write units of jobs . 100 × (\\d+) ",
        "terraform/modules/tables/variables.tf | A small job takes (\\d+) in all",
        "terraform/modules/tables/README.md | A small job takes (\\d+) in all",
      })
  void aJobsWritesAreAsManyEverywhere(String file, String where) throws IOException {
    assertThat(Double.parseDouble(found(file, where))).isEqualTo(SMALL_JOB);
  }

  @Test
  void thoseOfThePagesMillionJobsAreOfTwoSeconds() throws IOException {
    var writes = found("docs/cost.md", "DynamoDB writes \\((\\d+) a job\\)");
    assertThat(Double.parseDouble(writes))
        .isEqualTo(new JobUse(2, 10, 0.2, 0.3, 100, 0, 0, 0, 0).writes());
  }

  /** What a table that was just made takes a second is AWS's figure. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "docs/sizing.md | takes \\[4,000 units a second.*?: (\\d+) small jobs a second",
        "docs/production-checklist.md | 4,000 write units a second, which are (\\d+) small jobs",
        "terraform/modules/tables/README.md | 4,000 write units a second at once, which are (\\d+) small",
      })
  void aNewTableTakesAsManyJobsAsTheirWritesLeaveRoomFor(String file, String where)
      throws IOException {
    assertThat(Double.parseDouble(found(file, where))).isEqualTo(4_000 / SMALL_JOB);
  }

  @Test
  void sizesOfPayloadsAndResultsCostWhatThePageSays() throws IOException {
    var rows =
        Pattern.compile("(?m)^\\| ([\\d.]+) KB and ([\\d.]+) KB[^|]*\\| (\\d+) \\| (\\d+) \\|")
            .matcher(Files.readString(HOME.resolve("docs/cost.md")))
            .results()
            .toList();
    assertThat(rows).hasSize(5);
    for (var row : rows) {
      var load =
          new JsonObject()
              .put("payload_kb", Double.valueOf(row.group(1)))
              .put("result_kb", Double.valueOf(row.group(2)));
      var bill = new Bill(Workload.of(load), Prices.ours());
      assertThat(List.of(row.group(3), row.group(4)))
          .as(row.group())
          .containsExactly(million(bill, Door.API_GATEWAY), million(bill, Door.DIRECT));
    }
  }

  @Test
  void resultsCostByWhereTheyLieWhatThePageSays() throws IOException {
    var rows =
        Pattern.compile("(?m)^\\| ([\\d.]+) KB \\| (\\d+) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\|")
            .matcher(Files.readString(HOME.resolve("docs/cost.md")))
            .results()
            .toList();
    assertThat(rows).hasSize(4);
    for (var row : rows) {
      var load = new JsonObject().put("result_kb", Double.valueOf(row.group(1)));
      var tables = new Bill(Workload.of(load), Prices.ours());
      var bucket = new Bill(Workload.of(load.copy().put("result_inline_kb", 1)), Prices.ours());
      assertThat(List.of(row.group(2), row.group(3), row.group(4), row.group(5)))
          .as(row.group())
          .containsExactly(
              million(tables, Door.API_GATEWAY),
              million(bucket, Door.API_GATEWAY),
              million(tables, Door.DIRECT),
              million(bucket, Door.DIRECT));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "docs/cost.md | API_GATEWAY | answered on the spot . \\$([\\d.]+) | is open for two,.{0,60}? . \\$([\\d.]+)",
        "docs/cost.md | DIRECT | answered on the spot . \\$[\\d.]+ . \\$([\\d.]+) | is open for two,.{0,60}? . \\$[\\d.]+ . \\$([\\d.]+)",
        "docs/doors.md | API_GATEWAY | a request on the spot . \\$[\\d.]+ . \\$([\\d.]+) | open socket . \\$[\\d.]+ . \\$([\\d.]+)",
        "docs/doors.md | DIRECT | a request on the spot . \\$([\\d.]+) | open socket . \\$([\\d.]+)",
      })
  void aRequestAndAnHourCostTheSameOnBothPages(String file, Door door, String request, String hour)
      throws IOException {
    var bill = new Bill(Workload.of(new JsonObject()), Prices.ours());

    assertThat(Double.parseDouble(found(file, request)))
        .isCloseTo(bill.ofRequest(door), withinPercentage(6));
    assertThat(Double.parseDouble(found(file, hour)))
        .isCloseTo(bill.ofConnectionHour(door, 5_000), withinPercentage(6));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "docs/cost.md | ≈ (\\d+)",
        "docs/comparison.md | with the direct door, (\\d+) with both",
        "README.md | with two tasks, (\\d+) with API Gateway beside",
      })
  void whatStandsIsTheSameEverywhere(String file, String where) throws IOException {
    var bill = new Bill(Workload.of(new JsonObject()), Prices.ours());

    assertThat(Double.parseDouble(found(file, where)))
        .isCloseTo(bill.total() - WORKERS_METRICS_USD, within(1.0));
  }

  @Test
  void whatStandsIsTheSumOfItsRows() throws IOException {
    var page = Files.readString(HOME.resolve("docs/cost.md"));
    var table =
        page.substring(page.indexOf("| public load balancer"), page.indexOf("| **together**"));
    var sum =
        Pattern.compile("(?m)^\\|[^|]*\\| ([\\d.]+) \\|")
            .matcher(table)
            .results()
            .mapToDouble(row -> Double.parseDouble(row.group(1)))
            .sum();
    var bill = new Bill(Workload.of(new JsonObject()), Prices.ours());

    assertThat(sum).isCloseTo(bill.total() - WORKERS_METRICS_USD, within(0.2));
  }

  private static String million(Bill bill, Door door) {
    return String.valueOf(Math.round(1e6 * bill.ofJob(door)));
  }

  @Test
  void alarmsCostTheSameOnBothPages() throws IOException {
    var page = "docs/cost.md";
    var sum = found(page, "alarms \\| ([\\d.]+) \\|");
    var metrics = Integer.parseInt(found(page, "(\\d+) metrics looked at, of \\$0.10"));
    var others = Integer.parseInt(found(page, "(\\d+) alarms of others, of \\$0.50"));

    assertThat(Double.parseDouble(sum)).isEqualTo((metrics + 5 * others) / 10.0);
    assertThat(
            found(
                "terraform/modules/observability/README.md", "about \\$([\\d.]+) with both doors"))
        .isEqualTo(sum);
  }

  private static String found(String file, String pattern) throws IOException {
    var matcher = Pattern.compile(pattern).matcher(Files.readString(HOME.resolve(file)));
    assertThat(matcher.find()).as("%s in %s", pattern, file).isTrue();
    return matcher.group(1);
  }
}
