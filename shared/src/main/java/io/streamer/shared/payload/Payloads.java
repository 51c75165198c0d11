package io.streamer.shared.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.streamer.handler.RawJson;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Strict binding between JSON and Java: records, {@code String}, numbers, booleans, enums, {@code
 * Optional}, {@code List}, {@code Set}, {@code Collection}, {@code Map<String, T>}, arrays, {@code
 * Instant}, {@code LocalDate}, {@code Duration}, {@code UUID}, {@code URI}, {@link RawJson} for any
 * JSON untouched, and {@code Object} for any JSON as maps, lists and simple values. Nothing is
 * coerced.
 */
public final class Payloads {
  /** How deep objects and arrays may nest. */
  static final int MAX_DEPTH = 500;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  // the binder counts digits itself: with a pointer, and not in untouched values
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          // names come from clients: no table of them is kept
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private Payloads() {}

  /**
   * Binds one JSON value to a type. Record components are taken in snake_case and camelCase,
   * unknown members are ignored.
   *
   * @throws InvalidPayload naming every field that does not fit
   * @throws IllegalArgumentException if the type cannot be bound at all
   */
  public static Object bind(RawJson json, Type type) throws InvalidPayload {
    var shape = Shapes.of(type);
    if (shape == Shape.Any.RAW) {
      return json;
    }
    // text, not bytes: the parser's offsets, which cut RawJson members out, then need no table of
    // names
    return new Binder(json.toString()).bind(shape);
  }

  /**
   * Checks that a text is one JSON value, nested no deeper than a payload may be.
   *
   * @throws InvalidPayload if it is not
   */
  public static void requireJson(RawJson json) throws InvalidPayload {
    new Binder(json.toString()).skip();
  }

  /**
   * Checks that a type and everything in it can be bound.
   *
   * @throws IllegalArgumentException naming what cannot
   */
  public static void requireBindable(Type type) {
    Shapes.requireAll(type);
  }

  /**
   * What {@link #bind} takes for a type, as JSON Schema 2020-12: names in snake_case, Optional as
   * {@code anyOf} with null. Not in it: the rules of compact constructors, camelCase names, and
   * that a member that is no primitive may be left out or null where its record allows it.
   *
   * @throws IllegalArgumentException if the type cannot be bound at all
   */
  public static RawJson schema(Type type) {
    return SchemaWriter.write(Shapes.of(type));
  }

  /**
   * Writes a value as JSON: record components in snake_case, those that are null or empty left out.
   *
   * @throws IllegalArgumentException if the value, or one in it, is of a type outside the list,
   *     infinite, not a number, or nested too deeply
   */
  public static RawJson write(@Nullable Object value) {
    return value instanceof RawJson raw ? raw : new ValueWriter(JSON).write(value);
  }

  /**
   * Writes a handler's result, which is always an object: any other value becomes {@code {"value":
   * …}}.
   *
   * @throws IllegalArgumentException as {@link #write}
   */
  public static RawJson result(@Nullable Object value) {
    var json = write(value);
    if (isObject(json.utf8())) {
      return json;
    }
    return RawJson.of(("{\"value\":" + json + "}").getBytes(StandardCharsets.UTF_8));
  }

  static JsonParser parser(String text) throws IOException {
    return JSON.createParser(text);
  }

  private static boolean isObject(byte[] utf8) {
    for (byte each : utf8) {
      if (each != ' ' && each != '\n' && each != '\r' && each != '\t') {
        return each == '{';
      }
    }
    return false;
  }
}
