package io.streamer.shared.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The expressions of one request. Every name and value goes in by a placeholder: half of our
 * attributes are reserved words.
 */
public final class Expressions {
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, Value> values = new LinkedHashMap<>();

  /** All conditions at once; {@code null} if there are none. */
  public @Nullable String conditions(List<Condition> conditions) {
    return conditions.isEmpty()
        ? null
        : conditions.stream().map(this::condition).collect(Collectors.joining(" AND "));
  }

  /** What an update sets, adds and removes. */
  public String update(StoreRequest.Update update) {
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
  public @Nullable Map<String, String> names() {
    return names.isEmpty() ? null : names;
  }

  /** The values, or {@code null} if there are none: an empty map is refused. */
  public @Nullable Map<String, Value> values() {
    return values.isEmpty() ? null : values;
  }

  /** That an attribute has a value. */
  public String equal(String attribute, Value value) {
    return name(attribute) + " = " + value(value);
  }

  /** That an attribute lies between two values, or is one of them. */
  public String between(String attribute, Value from, Value to) {
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
    values.put(placeholder, value);
    return placeholder;
  }
}
