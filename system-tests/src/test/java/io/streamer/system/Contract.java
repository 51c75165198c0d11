package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The contract's schemas and vectors, as they stand in {@code protocol/}. */
final class Contract {
  private static final String ROOT = "/io/streamer/protocol/";

  // the schemas name each other relative to where they stand; nothing is fetched from here
  private static final String BASE = "https://streamer.invalid/schema/";

  private static final List<String> CLIENT =
      List.of("request", "status", "cancel", "subscribe", "unsubscribe", "hello", "ping", "pong");
  private static final List<String> SERVER =
      List.of(
          "response",
          "acknowledgment",
          "progress",
          "event",
          "rewind",
          "complete",
          "error",
          "welcome",
          "pong",
          "goaway");

  private static final SchemaRepository SCHEMAS = load();
  private static final Validator CLIENT_FRAME = validator("client.json");
  private static final Validator SERVER_FRAME = validator("server.json");

  private Contract() {}

  /** What is wrong with a frame from the server; empty if it keeps to the contract. */
  static List<String> violations(String serverFrame) {
    return violations(SERVER_FRAME, serverFrame);
  }

  /** A field that is null counts as absent, which the schemas cannot say in few words. */
  static List<String> violationsOfClient(String clientFrame) {
    return violations(CLIENT_FRAME, withoutNulls(clientFrame));
  }

  private static String withoutNulls(String clientFrame) {
    try {
      if (!(Json.decodeValue(clientFrame) instanceof JsonObject frame)) {
        return clientFrame;
      }
      frame.getMap().values().removeIf(Objects::isNull);
      if (frame.getValue("options") instanceof JsonObject options) {
        options.getMap().values().removeIf(Objects::isNull);
      }
      return frame.encode();
    } catch (DecodeException _) {
      return clientFrame;
    }
  }

  /** The vectors of one file below {@code vectors/}. */
  static List<JsonObject> vectors(String file) {
    return new JsonArray(read("vectors/" + file)).stream().map(JsonObject.class::cast).toList();
  }

  private static List<String> violations(Validator validator, String frame) {
    Object json;
    try {
      json = Json.decodeValue(frame);
    } catch (DecodeException e) {
      return List.of("is not JSON: " + e.getMessage());
    }
    var output = validator.validate(json);
    return output.getValid()
        ? List.of()
        : output.getErrors().stream()
            .map(unit -> unit.getInstanceLocation() + ": " + unit.getError())
            .toList();
  }

  private static Validator validator(String file) {
    return SCHEMAS.validator(BASE + file);
  }

  private static SchemaRepository load() {
    var options =
        new JsonSchemaOptions()
            .setBaseUri(BASE)
            .setDraft(Draft.DRAFT202012)
            .setOutputFormat(OutputFormat.Basic);
    var repository = SchemaRepository.create(options);
    Stream.of(
            Stream.of("defs.json", "client.json", "server.json"),
            CLIENT.stream().map(name -> "client/" + name + ".json"),
            SERVER.stream().map(name -> "server/" + name + ".json"))
        .flatMap(files -> files)
        .forEach(file -> {
          // the validator joins "../" to the base and leaves it in the name
          var schema = read("schema/" + file).replace("\"../", "\"" + BASE);
          repository.dereference(BASE + file, JsonSchema.of(new JsonObject(schema)));
        });
    return repository;
  }

  private static String read(String file) {
    try (var in = Contract.class.getResourceAsStream(ROOT + file)) {
      if (in == null) {
        throw new IllegalStateException(ROOT + file + " is not on the class path");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }
}
