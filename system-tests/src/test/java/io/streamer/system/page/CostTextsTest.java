package io.streamer.system.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.cost.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures of cost that stand in several texts are the same in all. */
class CostTextsTest {
  private static final Path HOME = Path.of("..");

  /** {@code JobCostTest} holds the constant to what the tables count. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "docs/cost.md | DynamoDB writes \\((\\d+) a job\\)",
        "docs/sizing.md | a job, from submit to end, however often it reports . (\\d+) \\(",
        "docs/sizing.md | write units of jobs . 100 × (\\d+) ",
        "terraform/modules/tables/variables.tf | A job takes (\\d+) in all",
        "terraform/modules/tables/README.md | A job takes (\\d+) in all",
      })
  void aJobsWritesAreAsManyEverywhere(String file, String where) throws IOException {
    assertThat(Double.parseDouble(found(file, where))).isEqualTo(Units.JOB_WRITES);
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
    assertThat(Double.parseDouble(found(file, where))).isEqualTo(4_000 / Units.JOB_WRITES);
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
