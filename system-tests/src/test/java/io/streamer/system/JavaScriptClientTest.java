package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client for browsers and Node and its hooks for React, by their own tests. */
@Timeout(180)
class JavaScriptClientTest {
  private static NodeProject client;

  @BeforeAll
  static void build() {
    client = NodeProject.built("js");
  }

  @Test
  void theClientsOwnTestsPass() throws IOException {
    assertPasses(client);
  }

  @Test
  void theHooksOwnTestsPass() throws IOException {
    assertPasses(NodeProject.built("react"));
  }

  @Test
  void theConsoleCarriesTheClientAsItIs() {
    var copy = "local/src/main/resources/io/streamer/local/console/streamer.js";
    assertThat(LocalStage.home().resolve(copy))
        .as("npm run console, in clients/js, makes it anew")
        .hasSameTextualContentAs(client.folder().resolve("dist/streamer.min.js"));
  }

  private static void assertPasses(NodeProject project) throws IOException {
    var ran = project.test();
    assertThat(ran.exitCode()).as(ran.output()).isZero();
    // a run without tests passes, too
    assertThat(ran.output()).containsPattern("tests [1-9]\\d");
  }
}
