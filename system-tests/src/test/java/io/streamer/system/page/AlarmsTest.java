package io.streamer.system.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.streamer.shared.signal.Metric;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The alarms that terraform makes, played on minutes in which something was wrong, or was not. */
class AlarmsTest {
  private static final Path FOLDER = Path.of("../terraform/modules/observability");
  private static final String TERRAFORM = text("alarms.tf");
  private static final JsonObject FILE = read("alarms.json");
  private static final JsonObject ALARMS = FILE.getJsonObject("alarms");
  private static final JsonObject SLO = FILE.getJsonObject("slo");
  private static final JsonObject RECORDED = read("tests/recorded.json");

  /** As the module's variable has it. */
  private static final double MOST_STARTS = 6_000;

  /** Of a table and its indexes, one for each table. */
  private static final String OF_TABLES = "table-throttled";

  private static final Pattern RESOURCE =
      Pattern.compile("(?m)^resource \"aws_cloudwatch_\\w*alarm\" \"(\\w+)\"");

  private static JsonObject read(String file) {
    return new JsonObject(text(file));
  }

  private static String text(String file) {
    try {
      return Files.readString(FOLDER.resolve(file));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<String> names() {
    return ALARMS.fieldNames().stream();
  }

  @Test
  void eachAlarmHasMinutesOfBothKinds() {
    var names = new ArrayList<>(ALARMS.fieldNames());
    names.add(OF_TABLES);
    assertThat(RECORDED.fieldNames()).containsExactlyInAnyOrderElementsOf(names);
  }

  /** Made of alarms.json by alarms.tf, whose test says that they are as they are played here. */
  @Test
  void thereAreNoOthers() throws IOException {
    var resources = new ArrayList<String>();
    try (var files = Files.walk(Path.of("../terraform"))) {
      for (var file : files.filter(it -> it.toString().endsWith(".tf")).toList()) {
        RESOURCE
            .matcher(Files.readString(file))
            .results()
            .forEach(it -> resources.add(it.group(1)));
      }
    }
    assertThat(resources).containsExactlyInAnyOrder("this", "window", "burning", "throttled");
  }

  @ParameterizedTest
  @MethodSource("names")
  void eachGoesOffWhenItShouldAndStaysQuietOtherwise(String name) {
    var minutes = RECORDED.getJsonObject(name);
    assertThat(goesOff(name, minutes.getJsonArray("ill"))).as("while it is ill").isTrue();
    assertThat(goesOff(name, minutes.getJsonArray("well"))).as("while it is well").isFalse();
  }

  /** A metric that nobody counts in is not sent: that is no reason, but where it is the reason. */
  @ParameterizedTest
  @MethodSource("names")
  void nothingAtAllIsNoReasonButForTheOneThatLooksForIt(String name) {
    var silence = new JsonArray();
    IntStream.range(0, 60).forEach(_ -> silence.addNull());
    assertThat(goesOff(name, silence)).isEqualTo(name.equals("gateway-silent"));
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatTheyLookAtIsMeasured(String name) {
    var alarm = ALARMS.getJsonObject(name);
    var metric = alarm.getString("metric");
    var namespace = alarm.getString("namespace");
    if (namespace.equals("APP")) {
      assertSent(metric, alarm.getString("unit"), "gateway", "outcome", alarm.getString("outcome"));
      assertThat(dimensions(alarm.getString("of"))).containsExactly("Service");
    } else {
      var namespaces =
          namespace.equals("BALANCER")
              ? List.of("AWS/ApplicationELB", "AWS/NetworkELB")
              : List.of(namespace);
      assertThat(namespaces)
          .allSatisfy(it ->
              assertThat(AwsMetric.of(it, metric))
                  .isEqualTo(
                      new AwsMetric(alarm.getString("unit"), dimensions(alarm.getString("of")))));
    }
  }

  /** The names of what an alarm's {@code of} stands for, as alarms.tf has them. */
  private static List<String> dimensions(String of) {
    var known = of.equals("balancer") ? "dimensions" : of;
    return Pattern.compile("\\b\"?" + known + "\"?\\s*= \\{ (\\w+ = [^{}]*) \\}")
        .matcher(TERRAFORM)
        .results()
        .map(found -> found.group(1))
        .findFirst()
        .stream()
        .flatMap(found -> Arrays.stream(found.split(", ")))
        .map(found -> found.replaceAll(" = .*", ""))
        .toList();
  }

  private static void assertSent(
      String name, String unit, String service, String label, String value) {
    var metric =
        Arrays.stream(Metric.values())
            .filter(it -> (name + ".").startsWith(it.title() + "."))
            .max(Comparator.comparingInt(it -> it.title().length()))
            .orElseThrow();
    assertThat(metric.inCloudWatch()).as("%s is sent", metric).isTrue();
    assertThat(name.substring(metric.title().length()))
        .isIn(
            switch (metric.kind()) {
              case COUNTER -> List.of(".count");
              case LINE -> List.of("");
              case GAUGE -> List.of(".value");
              case TIMER -> List.of(".avg", ".max", ".sum", ".count");
            });
    assertThat(unit).isEqualTo(metric.unit());
    assertThat(service).isEqualTo(metric.kind() == Metric.Kind.LINE ? "worker" : "gateway");
    // a series of each value: without one, or with another, there is none
    assertThat(value == null ? "" : label).isEqualTo(metric.label());
    assertThat(metric.labelValues().isEmpty() || metric.labelValues().contains(value))
        .as("%s has %s", metric, value)
        .isTrue();
  }

  @Test
  void aTableThatIsThrottledGoesOff() {
    var minutes = RECORDED.getJsonObject(OF_TABLES);
    assertThat(throttled(minutes.getJsonArray("ill"))).isTrue();
    assertThat(throttled(minutes.getJsonArray("well"))).isFalse();
    assertThat(throttled(new JsonArray(Collections.nCopies(10, new JsonObject())))).isFalse();
  }

  @Test
  void whatIsThrottledIsCountedForATableAndForEachIndex() {
    var tables = FILE.getJsonObject("tables");
    for (var metric : tables.getJsonArray("metrics")) {
      assertThat(AwsMetric.of(tables.getString("namespace"), (String) metric).unit())
          .isEqualTo(tables.getString("unit"));
    }
    assertThat(TERRAFORM)
        .contains(
            "dimensions = { TableName = table.name }",
            "dimensions = { TableName = table.name, GlobalSecondaryIndexName = index }");
  }

  /** Each minute has what was counted, by its metric and the index, for a table with one. */
  private static boolean throttled(JsonArray minutes) {
    var tables = FILE.getJsonObject("tables");
    var series = new ArrayList<String>();
    for (var metric : tables.getJsonArray("metrics")) {
      series.addAll(List.of((String) metric, metric + " due"));
    }
    var breaching = new ArrayList<Boolean>();
    for (var minute : minutes) {
      var seen = new HashMap<String, Double>();
      for (var one : ((JsonObject) minute).fieldNames()) {
        assertThat(series).contains(one);
        seen.put(one, ((JsonObject) minute).getDouble(one));
      }
      breaching.add(
          MetricMath.of(tables.getString("expression"), seen, series)
              > tables.getDouble("threshold"));
    }
    return goesOff(breaching, tables.getInteger("periods"), tables.getInteger("points"));
  }

  /** As CloudWatch does it: so many of the last periods, whose end may be any. */
  private static boolean goesOff(String name, JsonArray minutes) {
    var alarm = ALARMS.getJsonObject(name);
    int length = alarm.getInteger("minutes");
    int periods = alarm.getInteger("periods");
    int points = alarm.getInteger("points");
    double threshold = name.equals("job-starts-many") ? MOST_STARTS : alarm.getDouble("threshold");
    boolean below = alarm.getBoolean("below", false);
    boolean silence = alarm.getBoolean("silence", false);
    var breaching = new ArrayList<Boolean>();
    for (int from = 0; from + length <= minutes.size(); from += length) {
      var samples =
          IntStream.range(from, from + length)
              .mapToObj(minutes::getJsonArray)
              .filter(it -> it != null)
              .flatMap(it -> it.stream().map(Number.class::cast))
              .mapToDouble(Number::doubleValue)
              .toArray();
      if (samples.length == 0) {
        breaching.add(silence);
      } else {
        double value = statistic(alarm.getString("statistic"), samples);
        breaching.add(below ? value < threshold : value > threshold);
      }
    }
    return goesOff(breaching, periods, points);
  }

  private static boolean goesOff(List<Boolean> breaching, int periods, int points) {
    return IntStream.rangeClosed(0, breaching.size() - Math.min(periods, breaching.size()))
        .anyMatch(from ->
            breaching.stream().skip(from).limit(periods).filter(it -> it).count() >= points);
  }

  private static double statistic(String name, double[] samples) {
    var stream = DoubleStream.of(samples);
    return switch (name) {
      case "Sum" -> stream.sum();
      case "Maximum" -> stream.max().orElseThrow();
      case "Average" -> stream.average().orElseThrow();
      case "SampleCount" -> samples.length;
      default -> throw new IllegalArgumentException(name);
    };
  }

  static Stream<Arguments> burns() {
    return SLO.getJsonObject("objectives").fieldNames().stream()
        .flatMap(objective ->
            SLO.getJsonObject("burns").fieldNames().stream()
                .map(burn -> arguments(objective, burn)));
  }

  @ParameterizedTest
  @MethodSource("burns")
  void anObjectiveThatBurnsGoesOffInBothWindows(String objective, String burn) {
    var windows = SLO.getJsonObject("burns").getJsonObject(burn);
    double rate = windows.getDouble("rate");
    double allowed = 1 - objective(objective).getDouble("objective");
    int hours = windows.getInteger("long_minutes");
    // of 1,000 a minute, for as long as the long window is
    var burning = minutes(hours, 1_000, 1.1 * rate * allowed);
    assertThat(burns(objective, burn, burning)).isTrue();
    var almost = minutes(hours, 1_000, 0.9 * rate * allowed);
    assertThat(burns(objective, burn, almost)).isFalse();

    // long over, or only just begun
    int recent = windows.getInteger("short_minutes");
    var over = new ArrayList<>(minutes(hours - recent, 1_000, 2 * rate * allowed));
    over.addAll(minutes(recent, 1_000, 0));
    assertThat(burns(objective, burn, over)).isFalse();
    var begun = new ArrayList<>(minutes(hours - 1, 1_000, 0));
    begun.addAll(minutes(1, 1_000, 3 * rate * allowed));
    assertThat(burns(objective, burn, begun)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("burns")
  void fewOrNoneAreNoReason(String objective, String burn) {
    int minutes = SLO.getJsonObject("burns").getJsonObject(burn).getInteger("long_minutes");
    assertThat(burns(objective, burn, minutes(minutes, 0, 0))).isFalse();
    var night = new ArrayList<>(minutes(minutes - 1, 0, 0));
    night.add(new Minute(3, 3));
    assertThat(burns(objective, burn, night)).isFalse();
  }

  @Test
  void whatObjectivesCountIsMeasured() {
    for (var name : SLO.getJsonObject("objectives").fieldNames()) {
      var target = objective(name);
      for (var side : List.of("good", "bad")) {
        for (var value : target.getJsonArray(side)) {
          assertSent(
              target.getString("metric"),
              target.getString("unit"),
              target.getString("service"),
              target.getString("label"),
              (String) value);
        }
      }
    }
  }

  /** What came in a minute. */
  private record Minute(double good, double bad) {}

  private static List<Minute> minutes(int count, double each, double share) {
    return IntStream.range(0, count)
        .mapToObj(_ -> new Minute(each * (1 - share), each * share))
        .toList();
  }

  private static JsonObject objective(String name) {
    return SLO.getJsonObject("objectives").getJsonObject(name);
  }

  private static boolean burns(String objective, String burn, List<Minute> minutes) {
    var windows = SLO.getJsonObject("burns").getJsonObject(burn);
    double threshold =
        windows.getDouble("rate") * (1 - objective(objective).getDouble("objective"));
    return Stream.of("long_minutes", "short_minutes")
        .allMatch(window -> {
          var last = minutes.subList(minutes.size() - windows.getInteger(window), minutes.size());
          return ratio(objective(objective), last) > threshold;
        });
  }

  /** As the module's queries have it: what is missing counts as nothing. */
  private static double ratio(JsonObject target, List<Minute> minutes) {
    double good = minutes.stream().mapToDouble(Minute::good).sum();
    double bad = minutes.stream().mapToDouble(Minute::bad).sum();
    var seen = new HashMap<String, Double>();
    if (good > 0) {
      seen.put((String) target.getJsonArray("good").getValue(0), good);
    }
    if (bad > 0) {
      seen.put((String) target.getJsonArray("bad").getValue(0), bad);
    }
    return MetricMath.of(
        SLO.getString("expression"),
        Map.of("good", filled(target, "good", seen), "bad", filled(target, "bad", seen)));
  }

  private static double filled(JsonObject target, String side, Map<String, Double> seen) {
    var sum =
        target.getJsonArray(side).stream()
            .map(outcome -> "FILL(" + outcome + ", 0)")
            .collect(Collectors.joining(" + "));
    return MetricMath.of(sum, seen);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 + 2 * 3|7",
        "(1 + 2) * 3|9",
        "IF(a >= 20, 1 / 4, 0)|0",
        "IF(a < 20, 1 / 4, 0)|0.25",
        "FILL(none, 5) - a|-5",
        "10 - 4 - 3|3"
      })
  void theArithmeticIsThatOfCloudWatch(String expression, double value) {
    assertThat(MetricMath.of(expression, Map.of("a", 10.0))).isEqualTo(value);
  }
}
