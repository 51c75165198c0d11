package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Schemas and vectors say the same, and the schemas are as strict as the other tests rely on. */
class ContractTest {
  private static final Set<String> OPTIONAL = Set.of("request_id", "metadata", "max_frame_bytes");

  @TestFactory
  Stream<DynamicTest> aGoldenClientFrameKeepsToItsSchema() {
    return each(
        "golden/client.json",
        vector -> assertThat(Contract.violationsOfClient(vector.getString("frame"))).isEmpty());
  }

  @TestFactory
  Stream<DynamicTest> aGoldenServerFrameKeepsToItsSchema() {
    return each(
        "golden/server.json",
        vector -> assertThat(Contract.violations(vector.getString("frame"))).isEmpty());
  }

  @TestFactory
  Stream<DynamicTest> aServerFrameWithAFieldTooManyBreaksItsSchema() {
    return each(
        "golden/server.json",
        vector -> {
          var frame = new JsonObject(vector.getString("frame")).put("surprise", 1);
          assertThat(Contract.violations(frame.encode())).isNotEmpty();
        });
  }

  @TestFactory
  Stream<DynamicTest> aServerFrameWithAFieldTooFewBreaksItsSchema() {
    return each(
        "golden/server.json",
        vector -> {
          var frame = new JsonObject(vector.getString("frame"));
          for (var field : List.copyOf(frame.fieldNames())) {
            var less = frame.copy();
            less.remove(field);
            if (!OPTIONAL.contains(field)) {
              assertThat(Contract.violations(less.encode())).as("without " + field).isNotEmpty();
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> aMalformedFrameBreaksItsSchema() {
    return each(
        "malformed/client.json",
        vector -> {
          if (!vector.getBoolean("beyond_schema", false)) {
            assertThat(Contract.violationsOfClient(vector.getString("frame"))).isNotEmpty();
          }
        });
  }

  @Test
  void anErrorSaysWhetherItsCodeIsRetryable() {
    for (var vector : Contract.vectors("golden/server.json")) {
      var frame = new JsonObject(vector.getString("frame"));
      var error = frame.getJsonObject("error");
      if (error != null) {
        error.put("retryable", !error.getBoolean("retryable"));
        assertThat(Contract.violations(Json.encode(frame))).isNotEmpty();
      }
    }
  }

  private static Stream<DynamicTest> each(String file, Consumer<JsonObject> check) {
    return Contract.vectors(file).stream()
        .map(vector -> dynamicTest(vector.getString("name"), () -> check.accept(vector)));
  }
}
