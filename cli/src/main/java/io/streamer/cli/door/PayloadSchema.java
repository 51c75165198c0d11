package io.streamer.cli.door;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A payload's JSON Schema, as the stage writes it, in words.
 *
 * @param document with its definitions
 */
record PayloadSchema(JsonObject document) {
  /** How deep examples are looked for: a record may have itself among its members. */
  private static final int DEEPEST = 8;

  /** A member of an object. */
  record Member(String name, String type, boolean required, String description) {}

  /** Those of the payload itself; none if it is no object with known members. */
  List<Member> members() {
    var of = resolve(document);
    var required = of.getJsonArray("required", new JsonArray());
    return of.getJsonObject("properties", new JsonObject()).stream()
        .map(entry ->
            new Member(
                plain(entry.getKey()),
                type(entry.getValue()),
                required.contains(entry.getKey()),
                entry.getValue() instanceof JsonObject member
                    ? plain(member.getString("description", ""))
                    : ""))
        .toList();
  }

  /** What the payload is. */
  String type() {
    return type(document);
  }

  private String type(Object schema) {
    if (!(schema instanceof JsonObject keywords)) {
      return "any JSON";
    }
    var of = resolve(keywords);
    if (of.containsKey("enum")) {
      return of.getJsonArray("enum").stream()
          .map(one -> plain(String.valueOf(one)))
          .collect(Collectors.joining(" | "));
    }
    return switch (of.getString("type", "")) {
      case "string" -> of.getString("format", "text");
      case "array" -> "list of " + type(of.getValue("items"));
      case "" -> "any JSON";
      default -> of.getString("type");
    };
  }

  /** The examples of all members that have one, and of records in it that must be there. */
  Optional<String> example() {
    return example(document, 0).map(Json::encode);
  }

  private Optional<Object> example(Object schema, int depth) {
    if (!(schema instanceof JsonObject keywords)) {
      return Optional.empty();
    }
    if (keywords.containsKey("examples")) {
      return Optional.ofNullable(keywords.getJsonArray("examples").getValue(0));
    }
    var of = resolve(keywords);
    var required = of.getJsonArray("required", new JsonArray());
    var found = new LinkedHashMap<String, Object>();
    if (depth < DEEPEST) {
      for (var member : of.getJsonObject("properties", new JsonObject())) {
        var says = member.getValue() instanceof JsonObject one && one.containsKey("examples");
        if (says || required.contains(member.getKey())) {
          example(member.getValue(), depth + 1)
              .ifPresent(value -> found.put(member.getKey(), value));
        }
      }
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(new JsonObject(found));
  }

  /** Follows a reference, and takes the null away that an optional member may be. */
  private JsonObject resolve(JsonObject schema) {
    if (schema.containsKey("$ref")) {
      var name = schema.getString("$ref").replaceFirst(".*/", "");
      return document.getJsonObject("$defs").getJsonObject(name);
    }
    for (var several : List.of("anyOf", "allOf")) {
      if (schema.getValue(several) instanceof JsonArray all
          && all.getValue(0) instanceof JsonObject first) {
        return resolve(first);
      }
    }
    return schema;
  }

  /** Without control characters: they would steer the terminal. */
  static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }
}
