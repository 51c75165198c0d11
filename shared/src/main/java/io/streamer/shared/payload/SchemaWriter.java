package io.streamer.shared.payload;

import io.streamer.handler.RawJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes a shape as JSON Schema, so that what is told of a type is what the binder does. */
final class SchemaWriter {
  private static final RawJson NULL = RawJson.of("{\"type\":\"null\"}");

  private final Map<RecordShape, String> names = new HashMap<>();
  private final Map<String, @Nullable Object> definitions = new LinkedHashMap<>();

  private SchemaWriter() {}

  static RawJson write(Shape shape) {
    var writer = new SchemaWriter();
    var root = writer.schema(shape);
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    switch (root) {
      case Map<?, ?> keywords ->
          keywords.forEach((name, value) -> document.put((String) name, value));
      case RawJson scalar -> document.put("allOf", List.of(scalar));
      // anything: no keyword says so
      default -> {}
    }
    if (!writer.definitions.isEmpty()) {
      document.put("$defs", writer.definitions);
    }
    return Payloads.write(document);
  }

  private Object schema(Shape shape) {
    return switch (shape) {
      case Shape.Scalar scalar -> scalar.schema();
      // an enum's constant stands under its own name first, then as it is written
      case Shape.Choice choice -> Map.of("enum", written(choice));
      case Shape.Any _ -> true;
      case Shape.Maybe maybe -> orNull(maybe.of());
      case Shape.Items items -> object("type", "array", "items", schema(items.of()));
      case Shape.Entries entries ->
          object("type", "object", "additionalProperties", schema(entries.of()));
      case RecordShape fields -> Map.of("$ref", "#/$defs/" + define(fields));
    };
  }

  private Object orNull(Shape shape) {
    return Map.of("anyOf", List.of(schema(shape), NULL));
  }

  private static List<String> written(Shape.Choice choice) {
    var names = new LinkedHashMap<Object, String>();
    choice.constants().forEach((name, constant) -> names.put(constant, name));
    return List.copyOf(new LinkedHashSet<>(names.values()));
  }

  /** Puts the record among the definitions, once, also if it has itself among its components. */
  private String define(RecordShape shape) {
    var known = names.get(shape);
    if (known != null) {
      return known;
    }
    var simple = shape.model().type().getSimpleName();
    var name = simple;
    for (int other = 2; names.containsValue(name); other++) {
      name = simple + other;
    }
    names.put(shape, name);
    // its place, before those of the records in it
    definitions.put(name, null);
    definitions.put(name, members(shape));
    return name;
  }

  private Object members(RecordShape shape) {
    var properties = new LinkedHashMap<String, Object>();
    var required = new ArrayList<String>();
    for (int i = 0; i < shape.size(); i++) {
      var member = shape.shape(i);
      boolean needed = shape.required(i);
      if (needed) {
        required.add(shape.name(i));
      }
      boolean says = needed || member.takesNull() || Shape.isPrimitive(member);
      properties.put(shape.name(i), described(shape, i, says ? schema(member) : orNull(member)));
    }
    var described = object("type", "object", "properties", properties);
    if (!required.isEmpty()) {
      described.put("required", required);
    }
    return described;
  }

  /** With what its record says of the member. */
  private static Object described(RecordShape record, int index, Object member) {
    var description = record.description(index);
    var example = record.example(index);
    if (description.isEmpty() && example.isEmpty()) {
      return member;
    }
    var described = new LinkedHashMap<String, Object>(keywords(member));
    if (!description.isEmpty()) {
      described.put("description", description);
    }
    example.ifPresent(value -> described.put("examples", List.of(value)));
    return described;
  }

  @SuppressWarnings("unchecked") // names of keywords
  private static Map<String, Object> keywords(Object schema) {
    return switch (schema) {
      case Map<?, ?> keywords -> (Map<String, Object>) keywords;
      case RawJson scalar -> (Map<String, Object>) members(scalar);
      // anything: no keyword says so
      default -> Map.of();
    };
  }

  private static Object members(RawJson object) {
    try {
      return new Binder(object.toString()).bind(new Shape.Entries(Shape.Any.RAW));
    } catch (InvalidPayload e) {
      throw new IllegalStateException("a schema of ours is no object", e);
    }
  }

  private static Map<String, Object> object(
      String first, Object firstValue, String second, Object secondValue) {
    var ordered = new LinkedHashMap<String, Object>();
    ordered.put(first, firstValue);
    ordered.put(second, secondValue);
    return ordered;
  }
}
