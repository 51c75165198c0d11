package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

/**
 * A line of a log as CloudWatch takes metrics out of it: by the rules of its user guide,
 * "Specification: Embedded metric format".
 */
record EmbeddedMetrics(JsonObject line) {
  private static final int MOST_BYTES = 256 * 1024;
  private static final int MOST_METRICS = 100;
  private static final int MOST_DIMENSIONS = 30;
  private static final int MOST_CHARS = 1_024;

  private static final Set<String> UNITS =
      StandardUnit.knownValues().stream()
          .map(StandardUnit::toString)
          .collect(Collectors.toUnmodifiableSet());

  /** Reads a line; one against the rules fails the test. */
  static EmbeddedMetrics of(String text) {
    assertThat(text).doesNotContain("\n", "\r");
    assertThat(text.getBytes(UTF_8)).hasSizeLessThan(MOST_BYTES);
    var read = new EmbeddedMetrics(new JsonObject(text));
    // a name twice would be lost in reading
    assertThat(read.line.encode()).hasSameSizeAs(text);
    var about = read.line.getJsonObject("_aws");
    assertThat(about.fieldNames()).containsExactlyInAnyOrder("Timestamp", "CloudWatchMetrics");
    assertThat(about.getValue("Timestamp")).isInstanceOf(Long.class);
    assertThat(about.getJsonArray("CloudWatchMetrics")).isNotEmpty();
    read.directives().forEach(read::check);
    return read;
  }

  private void check(JsonObject directive) {
    assertThat(directive.fieldNames())
        .containsExactlyInAnyOrder("Namespace", "Dimensions", "Metrics");
    assertThat(directive.getString("Namespace")).matches("[A-Za-z0-9._/#:-]{1,255}");
    assertThat(directive.getJsonArray("Dimensions"))
        .isNotEmpty()
        .allSatisfy(set ->
            assertThat((JsonArray) set)
                .hasSizeLessThanOrEqualTo(MOST_DIMENSIONS)
                .doesNotHaveDuplicates()
                .allSatisfy(name ->
                    assertThat(line.getString((String) name))
                        .isNotBlank()
                        .hasSizeLessThan(MOST_CHARS)));
    assertThat(directive.getJsonArray("Metrics"))
        .isNotEmpty()
        .hasSizeLessThanOrEqualTo(MOST_METRICS);
    var names = new HashSet<String>();
    metrics(directive)
        .forEach(metric -> {
          assertThat(metric.fieldNames()).containsExactlyInAnyOrder("Name", "Unit");
          assertThat(metric.getString("Unit")).isIn(UNITS);
          var name = metric.getString("Name");
          assertThat(names.add(name)).as(name + " once").isTrue();
          assertThat(name).isNotBlank().hasSizeLessThan(MOST_CHARS);
          assertThat(line.getValue(name)).as(name).isInstanceOf(Number.class);
        });
  }

  /** Each value by its metric's name and dimensions: {@code name{outcome=ok, Service=gateway}}. */
  Map<String, Double> values() {
    var values = new TreeMap<String, Double>();
    directives()
        .forEach(directive -> {
          var dimensions = new TreeMap<String, String>();
          directive
              .getJsonArray("Dimensions")
              .getJsonArray(0)
              .forEach(name -> dimensions.put((String) name, line.getString((String) name)));
          metrics(directive)
              .map(metric -> metric.getString("Name"))
              .forEach(name -> values.put(name + dimensions, line.getDouble(name)));
        });
    return values;
  }

  Stream<JsonObject> directives() {
    return objects(line.getJsonObject("_aws").getJsonArray("CloudWatchMetrics"));
  }

  static Stream<JsonObject> metrics(JsonObject directive) {
    return objects(directive.getJsonArray("Metrics"));
  }

  private static Stream<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast);
  }
}
