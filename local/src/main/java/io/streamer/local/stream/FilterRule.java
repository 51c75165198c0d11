package io.streamer.local.stream;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a filter asks of one plain value. */
sealed interface FilterRule {
  /** What stands for a value where there is none. */
  enum Nothing {
    ABSENT,
    NULL
  }

  Set<String> COMPARISONS = Set.of("<", "<=", "=", ">", ">=");
  BigDecimal LARGEST = new BigDecimal("5e9");

  record Exactly(Object value) implements FilterRule {}

  record Exists(boolean wanted) implements FilterRule {}

  record Prefix(String prefix) implements FilterRule {}

  record AnythingBut(List<FilterRule> unwanted) implements FilterRule {}

  record Numeric(List<Comparison> comparisons) implements FilterRule {}

  record Comparison(String operator, BigDecimal bound) {
    boolean holds(BigDecimal value) {
      var order = value.compareTo(bound);
      return switch (operator) {
        case "<" -> order < 0;
        case "<=" -> order <= 0;
        case "=" -> order == 0;
        case ">" -> order > 0;
        default -> order >= 0;
      };
    }
  }

  /**
   * Reads one element of a pattern's array.
   *
   * @throws ClassCastException if it is none, or a rule this subset lacks
   */
  static FilterRule parse(@Nullable Object rule) {
    return switch (rule) {
      case JsonObject object when object.size() == 1 -> {
        var name = object.fieldNames().iterator().next();
        var value = object.getValue(name);
        yield switch (name) {
          case "exists" -> new Exists((Boolean) required(value));
          case "prefix" -> new Prefix((String) required(value));
          case "anything-but" -> new AnythingBut(unwanted(required(value)));
          case "numeric" -> new Numeric(comparisons((JsonArray) required(value)));
          default -> throw new ClassCastException("unknown rule " + name);
        };
      }
      case null, default -> new Exactly(plain(rule));
    };
  }

  private static List<FilterRule> unwanted(Object value) {
    return switch (value) {
      case JsonArray list when !list.isEmpty() ->
          list.stream().<FilterRule>map(each -> new Exactly(plain(each))).toList();
      case JsonObject object when object.size() == 1 && object.containsKey("prefix") ->
          List.of(new Prefix((String) required(object.getValue("prefix"))));
      default -> List.of(new Exactly(plain(value)));
    };
  }

  private static List<Comparison> comparisons(JsonArray list) {
    if (list.size() != 2 && list.size() != 4) {
      throw new ClassCastException("numeric takes one comparison or two");
    }
    var comparisons = new ArrayList<Comparison>();
    for (var i = 0; i < list.size(); i += 2) {
      var operator = (String) required(list.getValue(i));
      var bound = number((Number) required(list.getValue(i + 1)));
      if (!COMPARISONS.contains(operator) || bound.abs().compareTo(LARGEST) > 0) {
        throw new ClassCastException("numeric does not know " + operator + " " + bound);
      }
      comparisons.add(new Comparison(operator, bound));
    }
    return comparisons;
  }

  private static Object required(@Nullable Object value) {
    if (value == null) {
      throw new ClassCastException("null is no rule");
    }
    return value;
  }

  /** A value so that equal ones are equal: 1 and 1.0 are. */
  private static Object plain(@Nullable Object value) {
    return switch (value) {
      case null -> Nothing.NULL;
      case Number number -> number(number);
      case String _, Boolean _ -> value;
      default -> throw new ClassCastException(value + " is no plain value");
    };
  }

  private static BigDecimal number(Number number) {
    return new BigDecimal(number.toString()).stripTrailingZeros();
  }

  /** Whether a plain value, or one of the two that stand for none, is what is asked for. */
  default boolean matches(Object value) {
    return switch (this) {
      case Exactly(var wanted) ->
          wanted.equals(value instanceof Number number ? number(number) : value);
      case Exists(var wanted) -> wanted != value.equals(Nothing.ABSENT);
      case Prefix(var prefix) -> value instanceof String text && text.startsWith(prefix);
      case AnythingBut(var unwanted) ->
          !value.equals(Nothing.ABSENT) && unwanted.stream().noneMatch(rule -> rule.matches(value));
      case Numeric(var comparisons) ->
          value instanceof Number number
              && comparisons.stream().allMatch(comparison -> comparison.holds(number(number)));
    };
  }
}
