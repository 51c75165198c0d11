package io.streamer.local.stream;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One filter of an event source mapping: EventBridge's pattern language with values, {@code
 * exists}, {@code prefix}, {@code anything-but} and {@code numeric}.
 *
 * <p>A rule looks at plain values alone. An attribute of an item is an object (its type's letter is
 * part of the path), so a rule on the attribute itself sees nothing there: {@code exists: false}
 * matches it and no other rule does. Items' numbers are strings, so {@code numeric} never matches
 * them.
 */
public final class FilterPattern {
  /** What CreateEventSourceMapping answers. */
  private static final String INVALID = "Invalid filter pattern definition.";

  private static final int MAX_LENGTH = 4_096;

  /** What stands under one key of a pattern. */
  private sealed interface Node {
    record Inner(Map<String, Node> members) implements Node {}

    record Leaf(List<FilterRule> rules) implements Node {}
  }

  private final String text;
  private final Node.Inner root;

  private FilterPattern(String text, Node.Inner root) {
    this.text = text;
    this.root = root;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if it is not a pattern of this language, with AWS's message
   */
  public static FilterPattern parse(String pattern) {
    if (pattern.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(INVALID);
    }
    try {
      return new FilterPattern(pattern, inner(new JsonObject(pattern)));
    } catch (DecodeException | ClassCastException | NumberFormatException e) {
      throw new IllegalArgumentException(INVALID, e);
    }
  }

  /** As it was written. */
  public String text() {
    return text;
  }

  private static Node.Inner inner(JsonObject object) {
    if (object.isEmpty()) {
      throw new IllegalArgumentException(INVALID);
    }
    var members = new TreeMap<String, Node>();
    for (var member : object) {
      members.put(
          member.getKey(),
          switch (member.getValue()) {
            case JsonObject nested -> inner(nested);
            case JsonArray rules when !rules.isEmpty() -> leaf(rules);
            case null, default -> throw new IllegalArgumentException(INVALID);
          });
    }
    return new Node.Inner(members);
  }

  private static Node.Leaf leaf(JsonArray array) {
    var rules = new ArrayList<FilterRule>();
    for (var i = 0; i < array.size(); i++) {
      rules.add(FilterRule.parse(array.getValue(i)));
    }
    return new Node.Leaf(rules);
  }

  /** Whether the record, in the shape a function would get it, is given. */
  boolean matches(JsonObject record) {
    return matches(root, record);
  }

  private static boolean matches(Node pattern, @Nullable Object value) {
    return switch (pattern) {
      case Node.Inner(var members) ->
          switch (value) {
            case JsonArray list when !list.isEmpty() ->
                list.stream().anyMatch(element -> matches(pattern, element));
            case JsonObject object ->
                members.entrySet().stream()
                    .allMatch(member ->
                        matches(
                            member.getValue(),
                            object.containsKey(member.getKey())
                                ? present(object.getValue(member.getKey()))
                                : FilterRule.Nothing.ABSENT));
            // what is not there may be asked for its absence
            case null, default ->
                members.values().stream()
                    .allMatch(below -> matches(below, FilterRule.Nothing.ABSENT));
          };
      case Node.Leaf(var rules) ->
          rules.stream().anyMatch(rule -> leaves(value).stream().anyMatch(rule::matches));
    };
  }

  private static Object present(@Nullable Object value) {
    return value == null ? FilterRule.Nothing.NULL : value;
  }

  /** The plain values a rule can see. */
  private static List<Object> leaves(@Nullable Object value) {
    return switch (value) {
      case JsonArray list when !list.isEmpty() ->
          list.stream().flatMap(element -> leaves(present(element)).stream()).toList();
      case JsonArray _, JsonObject _ -> List.of(FilterRule.Nothing.ABSENT);
      case null -> List.of(FilterRule.Nothing.NULL);
      default -> List.of(value);
    };
  }
}
