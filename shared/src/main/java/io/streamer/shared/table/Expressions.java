package io.streamer.shared.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The expressions of one request. Every name and value goes in by a placeholder: half of our
 * attributes are reserved words.
 */
final class Expressions {
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, AttributeValue> values = new LinkedHashMap<>();

  /** All conditions at once; {@code null} if there are none, as the SDK wants it. */
  @Nullable String conditions(List<Condition> conditions) {
    return conditions.isEmpty()
        ? null
        : conditions.stream().map(this::condition).collect(Collectors.joining(" AND "));
  }

  String update(StoreRequest.Update update) {
    var clauses = new ArrayList<String>();
    if (!update.set().isEmpty()) {
      clauses.add(
          new TreeMap<>(update.set())
              .entrySet().stream()
                  .map(entry -> name(entry.getKey()) + " = " + value(entry.getValue()))
                  .collect(Collectors.joining(", ", "SET ", "")));
    }
    if (!update.add().isEmpty()) {
      clauses.add(
          new TreeMap<>(update.add())
              .entrySet().stream()
                  .map(entry -> name(entry.getKey()) + " " + value(Value.of(entry.getValue())))
                  .collect(Collectors.joining(", ", "ADD ", "")));
    }
    if (!update.remove().isEmpty()) {
      clauses.add(
          new TreeSet<>(update.remove())
              .stream().map(this::name).collect(Collectors.joining(", ", "REMOVE ", "")));
    }
    return String.join(" ", clauses);
  }

  /** The names, or {@code null} if there are none: an empty map is refused. */
  @Nullable Map<String, String> names() {
    return names.isEmpty() ? null : names;
  }

  /** The values, or {@code null} if there are none: an empty map is refused. */
  @Nullable Map<String, AttributeValue> values() {
    return values.isEmpty() ? null : values;
  }

  String equal(String attribute, Value value) {
    return name(attribute) + " = " + value(value);
  }

  String between(String attribute, Value from, Value to) {
    return name(attribute) + " BETWEEN " + value(from) + " AND " + value(to);
  }

  private String condition(Condition condition) {
    return switch (condition) {
      case Condition.Absent(var attribute) -> "attribute_not_exists(" + name(attribute) + ")";
      case Condition.Present(var attribute) -> "attribute_exists(" + name(attribute) + ")";
      case Condition.Equal(var attribute, var value) -> equal(attribute, value);
      case Condition.AtMost(var attribute, var value) ->
          "(attribute_not_exists("
              + name(attribute)
              + ") OR "
              + name(attribute)
              + " <= "
              + value(value)
              + ")";
      case Condition.OneOf(var attribute, var allowed) ->
          allowed.stream()
              .map(this::value)
              .collect(Collectors.joining(", ", name(attribute) + " IN (", ")"));
    };
  }

  private String name(String attribute) {
    for (var known : names.entrySet()) {
      if (known.getValue().equals(attribute)) {
        return known.getKey();
      }
    }
    var placeholder = "#n" + names.size();
    names.put(placeholder, attribute);
    return placeholder;
  }

  private String value(Value value) {
    var placeholder = ":v" + values.size();
    values.put(placeholder, SdkValues.write(value));
    return placeholder;
  }
}
