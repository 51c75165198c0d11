package io.streamer.shared.payload;

import com.fasterxml.jackson.core.JsonParser;
import io.streamer.handler.RawJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Which JSON a Java type takes. */
sealed interface Shape
    permits Shape.Scalar,
        Shape.Choice,
        Shape.Any,
        Shape.Maybe,
        Shape.Items,
        Shape.Entries,
        RecordShape {

  /**
   * One token.
   *
   * @param schema what JSON Schema says of it
   * @param reading gives the value or {@link Wrong}
   * @param restoring the same for all that the writer writes of the type
   */
  record Scalar(RawJson schema, boolean primitive, Reading reading, Reading restoring)
      implements Shape {}

  /** An enum's constants by the texts that name them. */
  record Choice(Map<String, Object> constants, String expected) implements Shape {}

  enum Any implements Shape {
    /** Any value, byte for byte. */
    RAW,
    /** Any value, as maps, lists and simple values. */
    UNTYPED
  }

  record Maybe(Shape of) implements Shape {}

  /**
   * An array.
   *
   * @param collect makes the collection out of a list that is the caller's to keep
   */
  record Items(Shape of, Function<List<Object>, Object> collect) implements Shape {}

  /** An object with any names. */
  record Entries(Shape of) implements Shape {}

  /** Reads the parser's current token, whatever it is. */
  @FunctionalInterface
  interface Reading {
    Object read(JsonParser json) throws IOException;
  }

  /**
   * What a reading gives for a token that does not fit.
   *
   * @param message for the client: "must be …"
   */
  record Wrong(String message) {}

  /** Whether JSON's null is one of the values. */
  default boolean takesNull() {
    return this instanceof Any || this instanceof Maybe;
  }

  /** Whether its JSON is a text. */
  static boolean isText(Shape shape) {
    return switch (shape) {
      case Scalar scalar -> scalar.schema().toString().startsWith("{\"type\":\"string\"");
      case Choice _ -> true;
      case Maybe maybe -> isText(maybe.of());
      default -> false;
    };
  }

  /** Whether Java has no place for null. */
  static boolean isPrimitive(Shape shape) {
    return shape instanceof Scalar scalar && scalar.primitive();
  }
}
