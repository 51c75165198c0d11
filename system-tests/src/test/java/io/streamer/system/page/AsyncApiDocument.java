package io.streamer.system.page;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The contract as an AsyncAPI 3 document, made from its schemas and golden vectors.
 *
 * <p>AsyncAPI's tools read JSON Schema draft 7: keywords of later drafts become what draft 7 has
 * for them. Objects that our schemas close are left open, as a client that reads them must.
 */
final class AsyncApiDocument {
  private static final int LONGEST_EXAMPLE = 400;
  private static final String SCHEMAS = "#/components/schemas/";
  private static final Map<String, List<String>> REPLIES =
      Map.of(
          "request", List.of("response", "acknowledgment", "error"),
          "status", List.of("response", "error"),
          "cancel", List.of("response", "error"),
          "subscribe", List.of("response", "error"),
          "unsubscribe", List.of("response", "error"),
          "hello", List.of("welcome", "error"),
          "ping", List.of("pong"));

  private final Path contract;

  AsyncApiDocument(Path contract) {
    this.contract = contract;
  }

  JsonObject document() throws IOException {
    return new JsonObject()
        .put("asyncapi", "3.0.0")
        .put("info", about())
        .put("defaultContentType", "application/json")
        .put("servers", servers())
        .put("channels", new JsonObject().put("session", channel()))
        .put("operations", operations())
        .put(
            "components",
            new JsonObject()
                .put("messages", messages())
                .put("schemas", schemas())
                .put("securitySchemes", securitySchemes()));
  }

  private JsonObject about() {
    return new JsonObject()
        .put("title", "Streamer")
        .put("version", "1")
        .put(
            "description",
            "What a client and Streamer say to each other over a WebSocket: JSON, one object per"
                + " text frame. What a client can rely on, tells the README beside this file.")
        .put("license", new JsonObject().put("name", "Apache-2.0"));
  }

  private JsonObject servers() {
    var security =
        JsonArray.of(
            new JsonObject().put("$ref", "#/components/securitySchemes/header"),
            new JsonObject().put("$ref", "#/components/securitySchemes/query"));
    var direct =
        new JsonObject()
            .put("host", "{host}")
            .put("pathname", "/ws")
            .put("protocol", "wss")
            .put("description", "The direct door: the gateway itself, behind a load balancer.")
            .put("variables", variables(Map.of("host", "Of the deployment.")))
            .put("security", security);
    var apiGateway =
        new JsonObject()
            .put("host", "{api}.execute-api.{region}.amazonaws.com")
            .put("pathname", "/{stage}")
            .put("protocol", "wss")
            .put(
                "description",
                "The door through API Gateway: frames of 32 KB at most, and no promise of order.")
            .put(
                "variables",
                variables(
                    Map.of("api", "The API's id.", "region", "Of AWS.", "stage", "Of the API.")))
            .put("security", security);
    return new JsonObject().put("direct", direct).put("api_gateway", apiGateway);
  }

  private static JsonObject variables(Map<String, String> described) {
    var variables = new JsonObject();
    described.keySet().stream()
        .sorted()
        .forEach(
            name -> variables.put(name, new JsonObject().put("description", described.get(name))));
    return variables;
  }

  private JsonObject channel() throws IOException {
    var messages = new JsonObject();
    for (var frame : frames()) {
      messages.put(
          frame.key(), new JsonObject().put("$ref", "#/components/messages/" + frame.key()));
    }
    return new JsonObject()
        .put("title", "A connection")
        .put("description", "One WebSocket, from its handshake to its close.")
        .put(
            "servers",
            JsonArray.of(
                new JsonObject().put("$ref", "#/servers/direct"),
                new JsonObject().put("$ref", "#/servers/api_gateway")))
        .put("messages", messages)
        .put(
            "bindings",
            new JsonObject()
                .put("ws", new JsonObject().put("method", "GET").put("bindingVersion", "0.1.0")));
  }

  /** What the server does: it receives a client's frames and replies, and sends by itself. */
  private JsonObject operations() throws IOException {
    var operations = new JsonObject();
    for (var frame : frames()) {
      if (frame.side().equals("client")) {
        var operation = operation("receive", frame, "client");
        var replies = REPLIES.get(frame.type());
        if (replies != null) {
          operation.put("reply", reply(replies));
        }
        operations.put(frame.key(), operation);
      }
    }
    for (var frame : frames()) {
      if (frame.side().equals("server") && ofItself(frame.type())) {
        operations.put(frame.key(), operation("send", frame, "server"));
      }
    }
    return operations;
  }

  private static boolean ofItself(String type) {
    return type.equals("error") || REPLIES.values().stream().noneMatch(all -> all.contains(type));
  }

  private static JsonObject operation(String action, FrameSchema frame, String side) {
    return new JsonObject()
        .put("action", action)
        .put("channel", new JsonObject().put("$ref", "#/channels/session"))
        .put("summary", frame.schema().getString("description"))
        .put("messages", JsonArray.of(message(side, frame.type())));
  }

  private static JsonObject reply(List<String> types) {
    return new JsonObject()
        .put("channel", new JsonObject().put("$ref", "#/channels/session"))
        .put(
            "messages",
            new JsonArray(types.stream().map(type -> message("server", type)).toList()));
  }

  private static JsonObject message(String side, String type) {
    return new JsonObject().put("$ref", "#/channels/session/messages/" + side + "_" + type);
  }

  private JsonObject messages() throws IOException {
    var messages = new JsonObject();
    for (var frame : frames()) {
      var own = frame.side().equals("client") ? "id" : "request_id";
      messages.put(
          frame.key(),
          new JsonObject()
              .put("name", frame.type())
              .put("title", frame.type())
              .put("summary", frame.schema().getString("description"))
              .put(
                  "correlationId",
                  new JsonObject()
                      .put("description", "A reply has the id of what it answers as request_id.")
                      .put("location", "$message.payload#/" + own))
              .put("payload", new JsonObject().put("$ref", SCHEMAS + frame.key()))
              .put("examples", JsonArray.of(example(frame))));
    }
    return messages;
  }

  /** The fullest golden frame of a type that is short enough to read. */
  private JsonObject example(FrameSchema frame) throws IOException {
    var file = contract.resolve("vectors/golden/" + frame.side() + ".json");
    var fullest =
        new JsonArray(Files.readString(file))
            .stream()
                .map(JsonObject.class::cast)
                .filter(one -> one.getJsonObject("decoded").getString("type").equals(frame.type()))
                .filter(one -> one.getString("frame").length() <= LONGEST_EXAMPLE)
                .filter(one ->
                    new JsonObject(one.getString("frame"))
                        .stream().allMatch(field -> field.getValue() != null))
                .max(Comparator.comparingInt(one -> new JsonObject(one.getString("frame")).size()))
                .orElseThrow();
    return new JsonObject()
        .put("name", fullest.getString("name"))
        .put("payload", new JsonObject(fullest.getString("frame")));
  }

  private JsonObject schemas() throws IOException {
    var schemas = new JsonObject();
    var definitions = schema("defs.json").getJsonObject("$defs");
    definitions.forEach(one -> schemas.put(one.getKey(), asDraft7(one.getValue())));
    for (var frame : frames()) {
      schemas.put(frame.key(), asDraft7(frame.schema()));
    }
    return schemas;
  }

  private static Object asDraft7(Object schema) {
    return switch (schema) {
      case JsonArray all -> new JsonArray(all.stream().map(AsyncApiDocument::asDraft7).toList());
      case JsonObject object -> objectAsDraft7(object);
      default -> schema;
    };
  }

  private static JsonObject objectAsDraft7(JsonObject schema) {
    var draft7 = new JsonObject();
    var dependencies = new JsonObject();
    for (var entry : schema) {
      switch (entry.getKey()) {
        case "$schema", "unevaluatedProperties" -> {}
        case "additionalProperties" -> {
          if (!Boolean.FALSE.equals(entry.getValue())) {
            draft7.put(entry.getKey(), asDraft7(entry.getValue()));
          }
        }
        case "$ref" -> draft7.put("$ref", SCHEMAS + named((String) entry.getValue()));
        case "dependentRequired", "dependentSchemas" ->
            dependencies.mergeIn((JsonObject) asDraft7(entry.getValue()));
        default -> draft7.put(entry.getKey(), asDraft7(entry.getValue()));
      }
    }
    if (!dependencies.isEmpty()) {
      draft7.put("dependencies", dependencies);
    }
    // beside a reference draft 7 reads nothing
    if (draft7.size() > 1 && draft7.remove("$ref") instanceof String reference) {
      var all = JsonArray.of(new JsonObject().put("$ref", reference));
      draft7.put("allOf", all.addAll(draft7.getJsonArray("allOf", new JsonArray())));
    }
    return draft7;
  }

  /**
   * {@code ../defs.json#/$defs/id} is {@code id}, {@code server/event.json} {@code server_event}.
   */
  private static String named(String reference) {
    return reference.contains("#")
        ? reference.substring(reference.lastIndexOf('/') + 1)
        : reference.replace(".json", "").replace('/', '_');
  }

  private static JsonObject securitySchemes() {
    return new JsonObject()
        .put(
            "header",
            new JsonObject()
                .put("type", "http")
                .put("scheme", "bearer")
                .put("bearerFormat", "JWT")
                .put(
                    "description",
                    "Or the subprotocols streamer.v1 and bearer.<base64url of the token>, as"
                        + " browsers do it."))
        .put(
            "query",
            new JsonObject()
                .put("type", "httpApiKey")
                .put("in", "query")
                .put("name", "token")
                .put("description", "A JWT; logs never show it."));
  }

  /** A frame's schema, as one of the files below {@code client} or {@code server}. */
  private record FrameSchema(String side, JsonObject schema) {
    String type() {
      return schema.getString("title");
    }

    String key() {
      return side + "_" + type();
    }
  }

  private List<FrameSchema> frames() throws IOException {
    return Stream.concat(frames("client").stream(), frames("server").stream()).toList();
  }

  private List<FrameSchema> frames(String side) throws IOException {
    var frames = new ArrayList<FrameSchema>();
    for (var part : schema(side + ".json").getJsonArray("oneOf")) {
      frames.add(new FrameSchema(side, schema(((JsonObject) part).getString("$ref"))));
    }
    return frames;
  }

  private JsonObject schema(String file) throws IOException {
    return new JsonObject(Files.readString(contract.resolve("schema").resolve(file)));
  }
}
