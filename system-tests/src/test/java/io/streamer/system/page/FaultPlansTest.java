package io.streamer.system.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.emulator.fault.PlanException;
import io.streamer.emulator.fault.PlanFile;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page on faults, its examples, its schema and the reader agree. */
class FaultPlansTest {
  private static final Path DOCS = Path.of("..", "docs");

  @ParameterizedTest
  @ValueSource(strings = {"rough-day.json", "store-outage.json", "kills.json"})
  void anExampleIsAPlanToReaderAndSchema(String name) throws IOException {
    var file = DOCS.resolve("faults").resolve(name);
    assertThat(PlanFile.read(file).rules()).isNotEmpty();
    assertThat(fits(Files.readString(file))).isTrue();
    assertThat(Files.readString(DOCS.resolve("faults.md"))).contains("faults/" + name);
  }

  @Test
  void thePageShowsAnExampleAsItIs() throws IOException {
    assertThat(Files.readString(DOCS.resolve("faults.md")))
        .contains(Files.readString(DOCS.resolve("faults").resolve("store-outage.json")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"at\": \"moon\", \"do\": \"fail\"}",
        "{\"at\": \"push\", \"do\": \"throttle\"}",
        "{\"at\": \"push\", \"do\": \"status\"}",
        "{\"at\": \"push\", \"do\": \"cut\", \"status\": 410}",
        "{\"at\": \"push\", \"do\": \"status\", \"status\": 404}",
        "{\"at\": \"dynamodb\", \"do\": \"pause\"}",
        "{\"at\": \"dynamodb\", \"do\": \"fail\", \"time\": \"1s\"}",
        "{\"at\": \"dynamodb\", \"do\": \"fail\", \"operation\": \"Put\"}",
        "{\"at\": \"gateway\", \"do\": \"kill\", \"operation\": \"GetItem\"}",
        "{\"at\": \"dynamodb\", \"do\": \"fail\", \"for\": \"soon\"}",
        "{\"at\": \"stream\", \"do\": \"drop\", \"table\": \"jobs\"}",
        "{\"at\": \"stream\", \"do\": \"drop\", \"chance\": 1.5}",
        "{\"at\": \"worker\", \"do\": \"kill\", \"from\": \"gateway\"}",
        "{\"do\": \"kill\"}"
      })
  void whatTheReaderRefusesTheSchemaRefuses(String rule, @TempDir Path folder) throws IOException {
    var text = "{\"rules\": [" + rule + "]}";
    var file = Files.writeString(folder.resolve("faults.json"), text);
    assertThatThrownBy(() -> PlanFile.read(file)).isInstanceOf(PlanException.class);
    assertThat(fits(text)).isFalse();
  }

  private static boolean fits(String plan) throws IOException {
    var schema = new JsonObject(Files.readString(DOCS.resolve("faults.schema.json")));
    var options =
        new JsonSchemaOptions().setDraft(Draft.DRAFT202012).setBaseUri("https://streamer.local/");
    return Validator.create(JsonSchema.of(schema), options)
        .validate(new JsonObject(plan))
        .getValid();
  }
}
