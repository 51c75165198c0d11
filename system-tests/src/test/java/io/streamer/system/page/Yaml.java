package io.streamer.system.page;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;

/** Writes JSON as YAML in blocks. */
final class Yaml {
  private static final String STEP = "  ";

  private final StringBuilder text = new StringBuilder();

  private Yaml() {}

  static String of(JsonObject object) {
    var yaml = new Yaml();
    yaml.fields("", object);
    return yaml.text.toString();
  }

  private void fields(String indent, JsonObject object) {
    var first = true;
    for (var field : object) {
      if (!first) {
        text.append(indent);
      }
      first = false;
      text.append(name(field.getKey())).append(':');
      value(indent, field.getValue());
    }
  }

  private void value(String indent, Object value) {
    switch (value) {
      case JsonObject object when !object.isEmpty() -> {
        text.append('\n').append(indent).append(STEP);
        fields(indent + STEP, object);
      }
      case JsonArray items when !items.isEmpty() -> {
        text.append('\n');
        for (var item : items) {
          text.append(indent).append(STEP).append('-');
          item(indent + STEP, item);
        }
      }
      // a double as its number reads, without an exponent
      case Double number ->
          text.append(' ').append(BigDecimal.valueOf(number).toPlainString()).append('\n');
      case null -> text.append(" null\n");
      default -> text.append(' ').append(Json.encode(value)).append('\n');
    }
  }

  private void item(String indent, Object item) {
    if (item instanceof JsonObject object && !object.isEmpty()) {
      text.append(' ');
      fields(indent + STEP, object);
    } else {
      value(indent, item);
    }
  }

  /** Plain where YAML reads it as what it is. */
  private static String name(String key) {
    return key.matches("[A-Za-z_][A-Za-z0-9_]*")
            && !key.matches("(?i)null|true|false|yes|no|on|off|y|n")
        ? key
        : Json.encode(key);
  }
}
