package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client for browsers and Node, by its own tests. */
@Timeout(180)
class JavaScriptClientTest {
  @Test
  void itsOwnTestsPass() throws Exception {
    var ran = NodeProject.built("js").test();
    assertThat(ran.exitCode()).as(ran.output()).isZero();
    // a run without tests passes, too
    assertThat(ran.output()).containsPattern("tests [1-9]\\d\\d");
  }
}
