package io.streamer.shared.signal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A line of a log in CloudWatch's embedded metric format (its user guide, "Specification: Embedded
 * metric format"): metrics, which CloudWatch takes out of the log by itself, and fields to search
 * the log by. It has one value for each name, be it a metric's, a dimension's or a field's. For one
 * thread.
 */
public final class MetricLine {
  /** CloudWatch takes no more with the same dimensions. */
  public static final int MOST_METRICS = 100;

  private static final JsonFactory JSON = new JsonFactory();

  /** As whole numbers they are exact up to here. */
  private static final double EXACT = 1L << 53;

  private record Declared(String name, String unit) {}

  private final String namespace;
  private final long at;
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final Map<String, Double> numbers = new LinkedHashMap<>();
  private final Map<List<String>, List<Declared>> metrics = new LinkedHashMap<>();

  /**
   * A line without anything yet.
   *
   * @param at the time of its values; epoch ms
   */
  public MetricLine(String namespace, long at) {
    this.namespace = namespace;
    this.at = at;
  }

  /** Whether there is room for a value of such a metric, besides what stands here by now. */
  public boolean fits(String name, Map<String, String> dimensions) {
    return isFree(name)
        && metrics.getOrDefault(names(dimensions), List.of()).size() < MOST_METRICS
        && dimensions.entrySet().stream()
            .allMatch(it ->
                it.getValue().equals(texts.get(it.getKey()))
                    || (isFree(it.getKey()) && !it.getKey().equals(name)));
  }

  /**
   * A value of a metric.
   *
   * @param unit one of CloudWatch's names for units
   * @throws IllegalArgumentException if there is no room for it, or it is not finite
   */
  public MetricLine metric(String name, String unit, double value, Map<String, String> dimensions) {
    if (!fits(name, dimensions) || !Double.isFinite(value)) {
      throw new IllegalArgumentException("no room for " + name + " " + value + " " + dimensions);
    }
    texts.putAll(dimensions);
    numbers.put(name, value);
    metrics
        .computeIfAbsent(names(dimensions), _ -> new ArrayList<>())
        .add(new Declared(name, unit));
    return this;
  }

  /**
   * A field that is no metric.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public MetricLine field(String name, String value) {
    texts.put(free(name), value);
    return this;
  }

  /** The same with a number. */
  public MetricLine field(String name, long value) {
    numbers.put(free(name), (double) value);
    return this;
  }

  private static List<String> names(Map<String, String> dimensions) {
    return dimensions.keySet().stream().sorted().toList();
  }

  private String free(String name) {
    if (!isFree(name)) {
      throw new IllegalArgumentException(name + " is taken");
    }
    return name;
  }

  private boolean isFree(String name) {
    return !texts.containsKey(name) && !numbers.containsKey(name);
  }

  /** The line, without an end of line. */
  public String text() {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeObjectFieldStart("_aws");
      json.writeNumberField("Timestamp", at);
      json.writeArrayFieldStart("CloudWatchMetrics");
      for (var directive : metrics.entrySet()) {
        write(json, directive.getKey(), directive.getValue());
      }
      json.writeEndArray();
      json.writeEndObject();
      for (var field : texts.entrySet()) {
        json.writeStringField(field.getKey(), field.getValue());
      }
      for (var number : numbers.entrySet()) {
        json.writeFieldName(number.getKey());
        write(json, number.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private void write(JsonGenerator json, List<String> dimensions, List<Declared> declared)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("Namespace", namespace);
    json.writeArrayFieldStart("Dimensions");
    json.writeStartArray();
    for (var dimension : dimensions) {
      json.writeString(dimension);
    }
    json.writeEndArray();
    json.writeEndArray();
    json.writeArrayFieldStart("Metrics");
    for (var metric : declared) {
      json.writeStartObject();
      json.writeStringField("Name", metric.name());
      json.writeStringField("Unit", metric.unit());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, double value) throws IOException {
    if (value == Math.rint(value) && Math.abs(value) <= EXACT) {
      json.writeNumber((long) value);
    } else {
      json.writeNumber(value);
    }
  }
}
