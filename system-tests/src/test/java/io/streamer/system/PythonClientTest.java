package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client for Python, by its own tests. */
@Timeout(180)
class PythonClientTest {
  private static PythonProject client;

  @BeforeAll
  static void prepare() {
    client = PythonProject.ready();
  }

  @Test
  void itsOwnTestsPass() {
    var ran = assertPasses("pytest");
    // a run without tests passes, too
    assertThat(ran.output()).containsPattern("[1-9]\\d+ passed");
  }

  @Test
  void itsTypesHold() {
    assertPasses("mypy");
  }

  @Test
  void itIsWrittenAsItsRulesSay() {
    assertPasses("ruff", "check", "--no-cache");
    assertPasses("ruff", "format", "--no-cache", "--check");
  }

  private static ClientCommand.Ran assertPasses(String program, String... arguments) {
    var ran = client.run(program, arguments);
    assertThat(ran.exitCode()).as(ran.output()).isZero();
    return ran;
  }
}
