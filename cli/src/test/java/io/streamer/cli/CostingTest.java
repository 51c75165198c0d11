package io.streamer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.streamer.cli.cost.Workload;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostingTest {
  private static final Path PAGE = Path.of("..", "docs", "cost.md");
  private static final Path EXAMPLE = Path.of("..", "docs", "cost", "shop.json");

  @TempDir Path home;

  @Test
  void aMonthIsATableAndASum() {
    var ran = Ran.inScript(home, "cost", "--workload", EXAMPLE.toString());

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out())
        .startsWith("List prices of us-east-1, 20")
        .contains("what stands", "jobs, API Gateway", "a month, in dollars")
        .doesNotContain("jobs, direct");
  }

  @Test
  void aProgramGetsTheSame() {
    var ran = Ran.inScript(home, "cost", "--json", "--workload", EXAMPLE.toString());

    var bill = new JsonObject(ran.out());
    double sum = 0;
    for (var line : bill.getJsonArray("lines")) {
      sum += ((JsonObject) line).getDouble("usd");
    }
    assertThat(bill.getDouble("usd")).isCloseTo(sum, withinPercentage(1e-9)).isPositive();
    assertThat(bill.getJsonObject("each").fieldNames()).containsExactly("API Gateway", "direct");
    assertThat(bill.getJsonObject("each").getJsonObject("direct").getDouble("job")).isPositive();
  }

  @Test
  void whatIsWrongIsToldInALine() throws Exception {
    var file = home.resolve("load.json");
    Files.writeString(file, "{\"job\":7}");

    for (var args :
        new String[][] {
          {"cost"},
          {"cost", "--workload", file.toString()},
          {"cost", "--workload", home.resolve("none").toString()},
          {"cost", "--workload", EXAMPLE.toString(), "--prices", file.toString()},
        }) {
      var ran = Ran.inScript(home, args);
      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.err()).isNotBlank();
      assertThat(ran.out()).isEmpty();
    }
  }

  @Test
  void thePageHasEachNumberWithItsDefault() throws Exception {
    var page = Files.readString(PAGE);
    for (var field : Workload.Field.values()) {
      var fallback = field.fallback();
      var text =
          fallback == Math.rint(fallback)
              ? Long.toString((long) fallback)
              : Double.toString(fallback);
      assertThat(page)
          .contains("| `%s` | %s | %s |".formatted(field.title(), text, field.meaning()));
    }
  }
}
