package io.streamer.system.page;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.streamer.emulator.lambda.FunctionSettings;
import io.streamer.emulator.stream.EventSourceMapping;
import io.streamer.worker.JobFunction;
import io.streamer.worker.StreamFunction;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is deployed is what runs locally; -Dstreamer.rewrite=true writes the files. */
class TerraformFilesTest {
  private static final Path MODULES = Path.of("../terraform/modules");
  private static final Path PAGE = Path.of("../docs/build.md");

  private static void keeps(String file, JsonObject content) throws IOException {
    var path = MODULES.resolve(file);
    var expected = content.encodePrettily() + "\n";
    if (Boolean.getBoolean("streamer.rewrite")) {
      Files.createDirectories(path.getParent());
      Files.writeString(path, expected);
    }
    assertThat(path)
        .as("%s is made by this test with -Dstreamer.rewrite=true", file)
        .hasContent(expected);
  }

  @Test
  void theTablesAreTheCodes() throws IOException {
    keeps("tables/tables.json", TerraformFiles.tables());
  }

  @Test
  void theIntegrationsCarryWhatTheGatewayReads() throws IOException {
    keeps("api/mappings.json", TerraformFiles.mappings());
  }

  @Test
  void theFunctionsAreCalledAsByTheLocalStage() throws IOException {
    keeps("worker/functions.json", TerraformFiles.functions());
  }

  /** What the page's command says of each option; flags without a value are empty. */
  private static Map<String, String> command(String name) throws IOException {
    var printed = PrintedCommand.all(Files.readString(PAGE), name);
    assertThat(printed).as(name).hasSize(1);
    return printed.getFirst();
  }

  @Test
  void thePrintedMappingIsTheDeployedOne() throws IOException {
    var ours = EventSourceMapping.STREAMER;
    var filter = new JsonObject().put("Pattern", ours.filter().text());

    assertThat(command("create-event-source-mapping"))
        .containsEntry("batch-size", "" + ours.batchSize())
        .containsEntry("parallelization-factor", "" + ours.parallelization())
        .containsEntry("maximum-retry-attempts", "" + ours.retries())
        .containsEntry("maximum-record-age-in-seconds", "" + ours.maximumAge().toSeconds())
        .containsEntry("bisect-batch-on-function-error", "")
        .containsEntry("starting-position", TerraformFiles.START)
        .containsEntry("function-response-types", TerraformFiles.REPORTS)
        .containsEntry("filter-criteria", "{\"Filters\":[" + filter.encode() + "]}")
        .doesNotContainKey("maximum-batching-window-in-seconds")
        .containsKey("destination-config");
  }

  @Test
  void thePrintedInvokeSettingsAreTheDeployedOnes() throws IOException {
    var ours = FunctionSettings.STREAMER;

    assertThat(command("put-function-event-invoke-config"))
        .containsEntry("maximum-retry-attempts", "" + TerraformFiles.RETRIES)
        .containsEntry("maximum-event-age-in-seconds", "" + ours.maximumAge().toSeconds())
        .containsEntry("qualifier", "live")
        .containsKey("destination-config");
  }

  @ParameterizedTest
  @ValueSource(classes = {JobFunction.class, StreamFunction.class})
  void thePrintedFunctionsAreTheDeployedOnes(Class<?> function) throws IOException {
    var handler = TerraformFiles.handler(function);
    var timeout =
        function == JobFunction.class ? FunctionSettings.STREAMER : FunctionSettings.STREAM;

    assertThat(PrintedCommand.all(Files.readString(PAGE), "create-function"))
        .filteredOn(options -> handler.equals(options.get("handler")))
        .singleElement(as(MAP))
        .containsEntry("timeout", "" + timeout.timeout().toSeconds())
        .containsEntry("architectures", "arm64");
  }
}
