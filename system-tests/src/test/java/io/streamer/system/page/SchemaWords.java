package io.streamer.system.page;

import static java.util.stream.Collectors.joining;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * JSON Schema in words, as far as the contract's schemas use it: a keyword it does not know is an
 * error, so that no rule is silently left off the page.
 */
final class SchemaWords {
  private static final Set<String> TOLD_ELSEWHERE =
      Set.of(
          "$schema",
          "$ref",
          "title",
          "description",
          "type",
          "required",
          "properties",
          "items",
          "unevaluatedProperties");
  private static final Set<String> CONDITIONS =
      Set.of(
          "if", "then", "else", "oneOf", "anyOf", "allOf", "dependentRequired", "dependentSchemas");

  private final JsonObject definitions;

  SchemaWords(JsonObject definitions) {
    this.definitions = definitions;
  }

  /** The definition a schema refers to, or the empty schema. */
  JsonObject referred(JsonObject schema) {
    var reference = schema.getString("$ref");
    return reference == null ? new JsonObject() : definitions.getJsonObject(name(reference));
  }

  /** Whether a definition has fields of its own and therefore a section. */
  static boolean hasFields(JsonObject definition) {
    return definition.containsKey("properties") || definition.containsKey("$ref");
  }

  /** What a value may be. */
  String value(Object schema) {
    return switch (schema) {
      case Boolean anything -> anything ? "any JSON" : "reserved: refused";
      case JsonObject object -> value(object);
      default -> throw new IllegalArgumentException("no schema: " + schema);
    };
  }

  private String value(JsonObject schema) {
    var reference = schema.getString("$ref");
    var words = new ArrayList<String>();
    if (reference != null) {
      var definition = referred(schema);
      words.add(
          hasFields(definition)
              ? "[" + name(reference) + "](#" + name(reference) + ")"
              : value(definition));
    }
    if (schema.containsKey("const")) {
      words.add(literal(schema.getValue("const")));
    } else if (schema.containsKey("enum")) {
      words.add(
          schema.getJsonArray("enum").stream().map(SchemaWords::literal).collect(joining(", ")));
    } else if (schema.containsKey("type")) {
      words.add(type(schema));
    }
    for (var keyword : schema.fieldNames()) {
      bound(keyword, schema).ifPresent(words::add);
    }
    return String.join(", ", words);
  }

  private String type(JsonObject schema) {
    var type = schema.getString("type");
    return switch (schema.getValue("items")) {
      case JsonObject items when items.containsKey("properties") -> type + " of objects";
      case JsonObject items -> type + " of " + value(items);
      case null, default -> type;
    };
  }

  private Optional<String> bound(String keyword, JsonObject schema) {
    var bound = schema.getValue(keyword);
    return Optional.ofNullable(
        switch (keyword) {
          case "minimum" -> "at least " + bound;
          case "maximum" -> "at most " + bound;
          case "exclusiveMaximum" -> "less than " + bound;
          case "minLength" ->
              schema.containsKey("maxLength") ? null : "at least " + count(bound, "character");
          case "maxLength" ->
              schema.containsKey("minLength")
                  ? schema.getValue("minLength") + " to " + count(bound, "character")
                  : "at most " + count(bound, "character");
          case "minItems" -> "at least " + bound;
          case "maxItems" -> "at most " + bound;
          case "minProperties" -> "at least " + count(bound, "field");
          case "maxProperties" -> "at most " + count(bound, "field");
          case "pattern" -> "matching `" + bound + "`";
          case "propertyNames" -> "names of " + value(bound);
          case "additionalProperties" ->
              bound instanceof JsonObject values ? "each " + value(values) : null;
          case "const", "enum" -> null;
          default -> {
            if (!TOLD_ELSEWHERE.contains(keyword) && !CONDITIONS.contains(keyword)) {
              throw new IllegalArgumentException("no words for the keyword " + keyword);
            }
            yield null;
          }
        });
  }

  /** What holds between a frame's fields, one sentence each. */
  List<String> conditions(JsonObject schema) {
    var told = new ArrayList<String>();
    alternatives(schema.getJsonArray("oneOf"), "Exactly one of ", told);
    alternatives(schema.getJsonArray("anyOf"), "At least one of ", told);
    if (schema.containsKey("if")) {
      told.add(
          "If "
              + facts(schema.getJsonObject("if"))
              + ", then "
              + facts(schema.getJsonObject("then"))
              + (schema.containsKey("else")
                  ? "; otherwise " + facts(schema.getJsonObject("else"))
                  : "")
              + ".");
    }
    for (var entry : schema.getJsonObject("dependentRequired", new JsonObject())) {
      told.add(
          "With " + code(entry.getKey()) + " also " + codes((JsonArray) entry.getValue()) + ".");
    }
    for (var entry : schema.getJsonObject("dependentSchemas", new JsonObject())) {
      told.add("With " + code(entry.getKey()) + ", " + facts((JsonObject) entry.getValue()) + ".");
    }
    for (var part : schema.getJsonArray("allOf", new JsonArray())) {
      told.addAll(conditions((JsonObject) part));
    }
    return told;
  }

  private static void alternatives(JsonArray parts, String lead, List<String> told) {
    if (parts != null) {
      told.add(
          lead
              + parts.stream()
                  .map(part -> codes(((JsonObject) part).getJsonArray("required")))
                  .collect(joining(", "))
              + " is there.");
    }
  }

  private String facts(JsonObject schema) {
    var facts = new ArrayList<String>();
    for (var field : schema.getJsonArray("required", new JsonArray())) {
      facts.add(code(field) + " is there");
    }
    for (Map.Entry<String, Object> field : schema.getJsonObject("properties", new JsonObject())) {
      facts.add(fact(code(field.getKey()), field.getValue()));
    }
    return String.join(" and ", facts);
  }

  private String fact(String field, Object schema) {
    return switch (schema) {
      case Boolean allowed when !allowed -> field + " is not";
      case JsonObject object when object.containsKey("enum") ->
          field + " is one of " + value(object);
      case JsonObject object when object.containsKey("required") ->
          field + " has " + codes(object.getJsonArray("required"));
      default -> field + " is " + value(schema);
    };
  }

  static String literal(Object value) {
    return "`" + value + "`";
  }

  private static String code(Object name) {
    return "`" + name + "`";
  }

  private static String codes(JsonArray names) {
    return names.stream().map(SchemaWords::code).collect(joining(", "));
  }

  private static String count(Object number, String unit) {
    return number + " " + unit + (number.equals(1) ? "" : "s");
  }

  private static String name(String reference) {
    return reference.substring(reference.lastIndexOf('/') + 1);
  }
}
