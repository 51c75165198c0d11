package io.streamer.system;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A scenario of {@code clients/conformance}.
 *
 * @param name a sentence that says what a client does
 * @param steps what is done and what must be seen, in this order
 */
record Scenario(String name, List<JsonObject> steps) {

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
