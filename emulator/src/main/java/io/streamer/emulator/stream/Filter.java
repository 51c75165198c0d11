package io.streamer.emulator.stream;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A filter of an event source mapping, of whose pattern language it knows fields that are one of
 * some texts. An attribute's type is a field, too: without its letter nothing matches.
 */
public final class Filter {
  private final String text;
  private final JsonObject pattern;

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if it asks for something else
   */
  public Filter(String text) {
    this.text = text;
    this.pattern = new JsonObject(text);
    check(pattern);
  }

  /** As it was written. */
  public String text() {
    return text;
  }

  private static void check(@Nullable Object part) {
    switch (part) {
      case JsonObject fields when !fields.isEmpty() ->
          fields.forEach(field -> check(field.getValue()));
      case JsonArray texts
          when !texts.isEmpty() && texts.stream().allMatch(String.class::isInstance) -> {}
      case null, default ->
          throw new IllegalArgumentException("a filter asks for texts, not for " + part);
    }
  }

  /** Whether the record, in the shape a function would get it, is given. */
  boolean matches(JsonObject record) {
    return matches(pattern, record);
  }

  private static boolean matches(Object part, @Nullable Object value) {
    return part instanceof JsonObject fields
        ? value instanceof JsonObject object
            && fields.stream()
                .allMatch(field -> matches(field.getValue(), object.getValue(field.getKey())))
        : ((JsonArray) part).contains(value);
  }
}
