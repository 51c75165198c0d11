package io.streamer.system;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A scenario of {@code clients/conformance}.
 *
 * @param name a sentence that says what a client does
 * @param frames in how many a message goes through API Gateway
 * @param steps what is done and what must be seen, in this order
 */
record Scenario(String name, Frames frames, List<JsonObject> steps) {

  /** Of one message. */
  enum Frames {
    /** It is larger than a frame may be, and sent. */
    SEVERAL,
    /** It is larger than a frame may be, and not sent for that. */
    ONE,
    /** Whatever is sent fits into one. */
    ANY
  }

  /** Whether it is played at a door to a client that splits messages, or does not. */
  boolean playedAt(Door door, boolean splits) {
    return switch (frames) {
      case SEVERAL -> splits || door == Door.DIRECT;
      case ONE -> !splits && door == Door.API_GATEWAY;
      case ANY -> true;
    };
  }

  /** All, or those whose name has the words of the property {@code streamer.scenario}. */
  static List<Scenario> all() throws IOException {
    var folder = LocalStage.home().resolve("clients/conformance/scenarios");
    try (var files = Files.list(folder)) {
      return files
          .sorted()
          .flatMap(Scenario::of)
          .filter(one -> one.name().contains(System.getProperty("streamer.scenario", "")))
          .toList();
    }
  }

  private static Stream<Scenario> of(Path file) {
    try {
      return new JsonArray(Files.readString(file))
          .stream()
              .map(JsonObject.class::cast)
              .map(one ->
                  new Scenario(
                      one.getString("name"),
                      Frames.valueOf(one.getString("frames", "any").toUpperCase(Locale.ROOT)),
                      one.getJsonArray("steps").stream().map(JsonObject.class::cast).toList()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
