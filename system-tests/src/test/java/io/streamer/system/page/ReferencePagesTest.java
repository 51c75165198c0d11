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
  private static final String MADE =
      "\n---\n\nMade from the code by `./streamer test -pl system-tests -am -Dtest=ReferencePagesTest"
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

  private static void keeps(String name, String text) throws IOException {
    var file = DOCS.resolve(name);
    var expected = text + MADE;
    if (Boolean.getBoolean("streamer.rewrite")) {
      Files.writeString(file, expected);
    }
    assertThat(file).as("%s; its last line says how it is made", name).hasContent(expected);
  }
}
