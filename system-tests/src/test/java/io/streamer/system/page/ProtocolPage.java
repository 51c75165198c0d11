package io.streamer.system.page;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The frames' reference, made from the contract's schemas and golden vectors. */
final class ProtocolPage {
  private static final int LONGEST_EXAMPLE = 400;

  private final Path contract;
  private final JsonObject definitions;
  private final SchemaWords words;
  private final StringBuilder page = new StringBuilder();

  ProtocolPage(Path contract) throws IOException {
    this.contract = contract;
    definitions = schema("defs.json").getJsonObject("$defs");
    words = new SchemaWords(definitions);
  }

  String text() throws IOException {
    page.append(
        """
        # The frames of the protocol

        Every frame, field by field. What the frames are for, and what a client can rely on, tells [the wire protocol](../../protocol/README.md). \
        A client ignores fields it does not know, and so does the server.
        """);
    frames("client", "From the client");
    frames("server", "From the server");
    page.append("\n## Parts\n");
    for (var name : definitions.fieldNames()) {
      var definition = definitions.getJsonObject(name);
      if (SchemaWords.hasFields(definition) && !name.equals("frame") && !name.equals("standing")) {
        section(name, definition);
      }
    }
    return page.toString();
  }

  private void frames(String side, String title) throws IOException {
    page.append("\n## ").append(title).append('\n');
    var vectors = vectors(side);
    for (var part : schema(side + ".json").getJsonArray("oneOf")) {
      var frame = schema(((JsonObject) part).getString("$ref"));
      section(frame.getString("title"), frame);
      examples(vectors, frame.getString("title"));
    }
  }

  private void section(String title, JsonObject schema) {
    page.append("\n### ").append(title).append("\n\n");
    if (schema.containsKey("description")) {
      page.append(schema.getString("description")).append("\n\n");
    }
    page.append(ReferencePages.row("field", "required", "value")).append("| --- | --- | --- |\n");
    fields("", words.referred(schema), schema);
    var conditions = words.conditions(schema);
    if (!conditions.isEmpty()) {
      page.append('\n');
      conditions.forEach(told -> page.append("- ").append(told).append('\n'));
    }
  }

  /** The rows of an object and, below each, of the objects in it. */
  private void fields(String path, JsonObject inherited, JsonObject schema) {
    var properties = inherited.getJsonObject("properties", new JsonObject()).copy();
    properties.mergeIn(schema.getJsonObject("properties", new JsonObject()));
    var required = new TreeSet<Object>();
    Stream.of(inherited, schema)
        .flatMap(one -> one.getJsonArray("required", new JsonArray()).stream())
        .forEach(required::add);
    for (var property : properties) {
      var field = path + property.getKey();
      page.append(
          ReferencePages.row(
              "`" + field + "`",
              required.contains(property.getKey()) ? "yes" : "",
              described(property.getValue())));
      if (property.getValue() instanceof JsonObject value) {
        nested(field, value);
      }
    }
  }

  private void nested(String field, JsonObject value) {
    if (value.containsKey("properties")) {
      fields(field + ".", new JsonObject(), value);
    } else if (value.getValue("items") instanceof JsonObject items
        && items.containsKey("properties")) {
      fields(field + "[].", new JsonObject(), items);
    }
  }

  private String described(Object schema) {
    var value = words.value(schema);
    if (!(schema instanceof JsonObject object)) {
      return value;
    }
    var description = object.getString("description", ownDescription(words.referred(object)));
    return description.isEmpty() ? value : value + ". " + description;
  }

  /** A part with fields is described in its own section. */
  private static String ownDescription(JsonObject definition) {
    return SchemaWords.hasFields(definition) ? "" : definition.getString("description", "");
  }

  /** The plainest golden frame of a type, and the fullest that is short enough to read. */
  private void examples(List<JsonObject> vectors, String type) {
    var readable =
        vectors.stream()
            .filter(one -> one.getJsonObject("decoded").getString("type").equals(type))
            .filter(one -> one.getString("frame").length() <= LONGEST_EXAMPLE)
            .toList();
    var chosen = new ArrayList<JsonObject>();
    chosen.add(readable.getFirst());
    readable.stream()
        .max(Comparator.comparingInt(one -> new JsonObject(one.getString("frame")).size()))
        .filter(fullest -> !fullest.equals(readable.getFirst()))
        .ifPresent(chosen::add);
    page.append("\n```json\n");
    chosen.forEach(one -> page.append(one.getString("frame").strip()).append('\n'));
    page.append("```\n");
  }

  private List<JsonObject> vectors(String side) throws IOException {
    var file = contract.resolve("vectors/golden/" + side + ".json");
    return new JsonArray(Files.readString(file)).stream().map(JsonObject.class::cast).toList();
  }

  private JsonObject schema(String file) throws IOException {
    return new JsonObject(Files.readString(contract.resolve("schema").resolve(file)));
  }
}
