package io.streamer.system.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What became of the contract in draft 7 tells right from wrong as the contract does. */
class AsyncApiDocumentTest {
  private static final Path CONTRACT = Path.of("../protocol");
  private static final Set<String> OPTIONAL = Set.of("request_id", "metadata", "max_frame_bytes");

  private static final Map<String, Validator> VALIDATORS = new HashMap<>();
  private static JsonObject document;

  @BeforeAll
  static void make() throws IOException {
    document = new AsyncApiDocument(CONTRACT).document();
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "server"})
  void aGoldenFrameKeepsToTheSchemaOfItsMessage(String side) throws IOException {
    for (var vector : vectors("golden/" + side)) {
      var written = new JsonObject(vector.getString("frame"));
      var frame = side.equals("client") ? withoutNulls(written) : written;
      assertThat(keeps(side, frame)).as(vector.getString("name")).isTrue();
    }
  }

  @Test
  void aServersFrameWithAFieldTooFewBreaksIt() throws IOException {
    for (var vector : vectors("golden/server")) {
      var frame = new JsonObject(vector.getString("frame"));
      for (var field : List.copyOf(frame.fieldNames())) {
        var less = frame.copy();
        less.remove(field);
        if (!OPTIONAL.contains(field) && !field.equals("type")) {
          assertThat(keeps("server", less)).as("without " + field + ": " + frame).isFalse();
        }
      }
    }
  }

  @Test
  void aServersFrameWithFieldsOfALaterVersionKeepsToIt() throws IOException {
    for (var vector : vectors("golden/server")) {
      var frame = new JsonObject(vector.getString("frame")).put("novel", 1);
      if (frame.getValue("error") instanceof JsonObject problem) {
        problem.put("novel", 2);
      }
      if (frame.getValue("snapshot") instanceof JsonObject snapshot) {
        snapshot.put("novel", 3);
      }
      assertThat(keeps("server", frame)).as(frame.encode()).isTrue();
    }
  }

  @Test
  void aMalformedFrameBreaksIt() throws IOException {
    int tried = 0;
    for (var vector : vectors("malformed/client")) {
      var frame = object(vector.getString("frame")).filter(AsyncApiDocumentTest::isKnown);
      if (!vector.getBoolean("beyond_schema", false) && frame.isPresent()) {
        tried++;
        assertThat(keeps("client", frame.get())).as(vector.encode()).isFalse();
      }
    }
    assertThat(tried).isGreaterThan(20);
  }

  @Test
  void itsExamplesKeepToTheirSchemas() {
    var messages = document.getJsonObject("components").getJsonObject("messages");
    for (var key : messages.fieldNames()) {
      var example = messages.getJsonObject(key).getJsonArray("examples").getJsonObject(0);
      var side = key.substring(0, key.indexOf('_'));
      assertThat(keeps(side, example.getJsonObject("payload"))).as(key).isTrue();
    }
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    var references = references(document).toList();
    assertThat(references).hasSizeGreaterThan(100);
    for (var reference : references) {
      Object at = document;
      for (var name : reference.substring(2).split("/", -1)) {
        at = at instanceof JsonObject object ? object.getValue(name) : null;
      }
      assertThat(at).as(reference).isNotNull();
    }
  }

  @Test
  void yamlOfItIsWhatItWas() {
    assertThat(
            Yaml.of(JsonObject.of("a", 1, "b c", JsonArray.of("x: y", JsonObject.of("no", true)))))
        .isEqualTo("a: 1\n\"b c\":\n  - \"x: y\"\n  - \"no\": true\n");
    assertThat(
            Yaml.of(
                JsonObject.of(
                    "d", JsonArray.of(JsonObject.of("e", new JsonObject(), "f", JsonArray.of())))))
        .isEqualTo("d:\n  - e: {}\n    f: []\n");
    assertThat(
            Yaml.of(
                JsonObject.of(
                    "g", JsonObject.of("h", JsonObject.of("i", null), "j", 1732152000.123))))
        .isEqualTo("g:\n  h:\n    i: null\n  j: 1732152000.123\n");
  }

  private static boolean keeps(String side, JsonObject frame) {
    var type = frame.getString("type", "request");
    return VALIDATORS
        .computeIfAbsent(side + "_" + type, AsyncApiDocumentTest::validator)
        .validate(frame)
        .getValid();
  }

  private static Validator validator(String key) {
    // the validator looks for parts in the places that JSON Schema names
    var parts =
        document
            .getJsonObject("components")
            .getJsonObject("schemas")
            .encode()
            .replace("#/components/schemas/", "#/definitions/");
    var schema =
        new JsonObject()
            .put("allOf", JsonArray.of(new JsonObject().put("$ref", "#/definitions/" + key)))
            .put("definitions", new JsonObject(parts));
    return Validator.create(
        JsonSchema.of(schema),
        new JsonSchemaOptions()
            .setDraft(Draft.DRAFT7)
            .setBaseUri("https://streamer.invalid/" + key));
  }

  private static boolean isKnown(JsonObject frame) {
    return !frame.containsKey("type")
        || (frame.getValue("type") instanceof String type
            && document
                .getJsonObject("components")
                .getJsonObject("schemas")
                .containsKey("client_" + type));
  }

  private static Stream<String> references(Object value) {
    return switch (value) {
      case JsonObject object ->
          object.stream()
              .flatMap(entry ->
                  entry.getKey().equals("$ref")
                      ? Stream.of((String) entry.getValue())
                      : references(entry.getValue()));
      case JsonArray items -> items.stream().flatMap(AsyncApiDocumentTest::references);
      case null, default -> Stream.empty();
    };
  }

  /** A client's field that is null counts as absent, which the schemas do not say. */
  private static JsonObject withoutNulls(JsonObject frame) {
    frame.getMap().values().removeIf(Objects::isNull);
    if (frame.getValue("options") instanceof JsonObject options) {
      options.getMap().values().removeIf(Objects::isNull);
    }
    return frame;
  }

  private static Optional<JsonObject> object(String text) {
    try {
      return Optional.of(new JsonObject(text));
    } catch (DecodeException _) {
      return Optional.empty();
    }
  }

  private static List<JsonObject> vectors(String file) throws IOException {
    var text = Files.readString(CONTRACT.resolve("vectors").resolve(file + ".json"));
    return new JsonArray(text).stream().map(JsonObject.class::cast).toList();
  }
}
