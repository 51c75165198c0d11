package io.streamer.shared.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.streamer.handler.RawJson;
import io.streamer.shared.protocol.JsonText;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
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
          // a virtual thread has its first call and its last at once: what it kept would be lost
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
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
   * Reads what {@link #write} wrote. Unlike a client's payload it may have null for any value, and
   * years of more than four digits.
   *
   * @throws InvalidPayload if it is no such value
   * @throws IllegalArgumentException if the type cannot be bound at all
   */
  public static @Nullable Object restore(RawJson json, Class<?> type) throws InvalidPayload {
    var binder = new Binder(json.toString());
    return type == Void.class ? binder.nothing() : binder.restore(Shapes.of(type));
  }

  /**
   * Checks that {@link #restore} can make the type.
   *
   * @throws IllegalArgumentException naming what cannot be bound
   */
  public static void requireRestorable(Class<?> type) {
    if (type != Void.class) {
      Shapes.requireAll(type);
    }
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
   * Checks that values of a type can be written, as far as the type tells.
   *
   * @throws IllegalArgumentException naming the component that cannot
   */
  public static void requireWritable(Type type) {
    Writables.require(type);
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
   * @throws Unwritable if the value, or one in it, is of a type outside the list, infinite, not a
   *     number, nested too deeply, or a RawJson that is not one JSON value in UTF-8
   */
  public static RawJson write(@Nullable Object value) {
    if (value instanceof RawJson raw) {
      requireWritable(raw);
      return raw;
    }
    return new ValueWriter(JSON).write(value);
  }

  /** What goes out unread is looked at once, here: a frame has nothing else around it. */
  static void requireWritable(RawJson raw) {
    if (JsonText.isValue(raw.utf8(), MAX_DEPTH)) {
      return;
    }
    // slower, and says what is wrong
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw.utf8()));
      new Binder(text.toString()).skip();
    } catch (CharacterCodingException e) {
      throw new Unwritable("a RawJson is not UTF-8", e);
    } catch (InvalidPayload e) {
      throw new Unwritable("a RawJson " + e.fields().getFirst().message(), e);
    }
  }

  /**
   * Writes a handler's result, which is always an object: any other value becomes {@code {"value":
   * …}}.
   *
   * @throws Unwritable as {@link #write}
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
