package io.streamer.system.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The reference pages say what the code and the schemas say; -Dstreamer.rewrite=true makes them.
 */
class ReferencePagesTest {
  private static final Path DOCS = Path.of("../docs/reference");
  private static final Path PROTOCOL = Path.of("../protocol");
  private static final Path SCENARIOS = Path.of("../clients/conformance/scenarios");
  private static final Path HANDLER = Path.of("../handler/src/main/java/io/streamer/handler");
  private static final String MADE =
      "Made from the code by `./streamer test -pl system-tests -am -Dtest=ReferencePagesTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dstreamer.rewrite=true`. Do not edit it.\n";

  @Test
  void theSettingsPageListsEverySetting() throws IOException {
    keeps("settings.md", ReferencePages.settings());
  }

  @Test
  void theMetricsPageListsEveryMetric() throws IOException {
    keeps("metrics.md", ReferencePages.metrics());
  }

  @Test
  void theTracesPageListsEverySpan() throws IOException {
    keeps("traces.md", ReferencePages.traces());
  }

  @Test
  void theErrorsPageListsEveryCode() throws IOException {
    keeps("errors.md", ReferencePages.errors());
  }

  @Test
  void theCloseCodesPageListsTheContractsCodesAndTheGatewaysReasons() throws IOException {
    keeps("close-codes.md", ReferencePages.closeCodes(PROTOCOL.resolve("README.md")));
  }

  @Test
  void theProtocolPageDescribesEveryFrameOfTheSchemas() throws IOException {
    keeps("protocol.md", new ProtocolPage(PROTOCOL).text());
  }

  @Test
  void theAsyncApiDocumentSaysWhatTheSchemasSay() throws IOException {
    var document = new AsyncApiDocument(PROTOCOL).document();
    keeps(PROTOCOL.resolve("asyncapi.yaml"), "# " + MADE + Yaml.of(document));
  }

  @Test
  void theScenariosPageHasTheSentenceOfEveryScenario() throws IOException {
    keeps("scenarios.md", ReferencePages.scenarios(SCENARIOS));
  }

  @Test
  void theCommandsPageSaysWhatEveryCommandSaysOfItself() throws IOException {
    keeps("commands.md", new CommandsPage(Path.of("..")).text());
  }

  @Test
  void theJavaPageSaysWhatTheJavadocOfHandlersSays() throws IOException {
    keeps("java.md", new JavaPage(HANDLER).text());
  }

  @Test
  void theArchitecturePageListsEveryRoom() throws IOException {
    var page = Path.of("../docs/architecture.md");
    var text = Files.readString(page);
    keeps(page, text.substring(0, text.indexOf(Rooms.HEADING)) + Rooms.text());
  }

  private static void keeps(String name, String text) throws IOException {
    keeps(DOCS.resolve(name), text + "\n---\n\n" + MADE);
  }

  private static void keeps(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("streamer.rewrite")) {
      Files.writeString(file, expected);
    }
    assertThat(file)
        .as("%s; a line in it says how it is made", file.getFileName())
        .hasContent(expected);
  }
}
