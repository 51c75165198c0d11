package io.streamer.system.page;

import java.util.Collection;
import java.util.Map;

/**
 * What CloudWatch makes of a metric math expression, as far as alarms of ours use it: numbers,
 * names, {@code + - * /}, comparisons, {@code IF(condition, then, else)}, {@code FILL(name, n)} and
 * {@code SUM(FILL(METRICS(), n))}.
 */
final class MetricMath {
  private final String text;
  private final Map<String, Double> values;
  private final Collection<String> metrics;
  private int at;

  private MetricMath(String text, Map<String, Double> values, Collection<String> metrics) {
    this.text = text;
    this.values = values;
    this.metrics = metrics;
  }

  /**
   * The value.
   *
   * @param values of the names; one that is missing has no data
   */
  static double of(String expression, Map<String, Double> values) {
    return of(expression, values, values.keySet());
  }

  /**
   * The same.
   *
   * @param metrics all that the alarm asks for, whether or not they have data
   */
  static double of(String expression, Map<String, Double> values, Collection<String> metrics) {
    var math = new MetricMath(expression.replace(" ", ""), values, metrics);
    double value = math.comparison();
    if (math.at < math.text.length()) {
      throw new IllegalArgumentException("odd at " + math.at + ": " + expression);
    }
    return value;
  }

  private double comparison() {
    double left = sum();
    for (var sign : new String[] {">=", "<=", "==", ">", "<"}) {
      if (takes(sign)) {
        double right = sum();
        boolean holds =
            switch (sign) {
              case ">=" -> left >= right;
              case "<=" -> left <= right;
              case "==" -> left == right;
              case ">" -> left > right;
              default -> left < right;
            };
        return holds ? 1 : 0;
      }
    }
    return left;
  }

  private double sum() {
    double value = product();
    while (true) {
      if (takes("+")) {
        value += product();
      } else if (takes("-")) {
        value -= product();
      } else {
        return value;
      }
    }
  }

  private double product() {
    double value = factor();
    while (true) {
      if (takes("*")) {
        value *= factor();
      } else if (takes("/")) {
        value /= factor();
      } else {
        return value;
      }
    }
  }

  private double factor() {
    if (takes("(")) {
      double value = comparison();
      expect(")");
      return value;
    }
    if (takes("IF(")) {
      double condition = comparison();
      expect(",");
      double yes = comparison();
      expect(",");
      double no = comparison();
      expect(")");
      return condition == 0 ? no : yes;
    }
    if (takes("SUM(FILL(METRICS(),")) {
      double fallback = comparison();
      expect("))");
      return metrics.stream().mapToDouble(it -> values.getOrDefault(it, fallback)).sum();
    }
    if (takes("FILL(")) {
      var name = word();
      expect(",");
      double fallback = comparison();
      expect(")");
      return values.getOrDefault(name, fallback);
    }
    var word = word();
    if (Character.isDigit(word.charAt(0))) {
      return Double.parseDouble(word);
    }
    var value = values.get(word);
    if (value == null) {
      throw new IllegalArgumentException("no data of " + word);
    }
    return value;
  }

  private String word() {
    int from = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || "._".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    if (from == at) {
      throw new IllegalArgumentException("odd at " + at + ": " + text);
    }
    return text.substring(from, at);
  }

  private boolean takes(String part) {
    if (text.startsWith(part, at)) {
      at += part.length();
      return true;
    }
    return false;
  }

  private void expect(String part) {
    if (!takes(part)) {
      throw new IllegalArgumentException("no " + part + " at " + at + ": " + text);
    }
  }
}
