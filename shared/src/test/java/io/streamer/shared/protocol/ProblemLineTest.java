package io.streamer.shared.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProblemLineTest {
  @Test
  void aLineHasTheCodeTheReasonAndTheWords() {
    assertThat(Problem.of(ErrorCode.TIMEOUT, "not done after 5 s").line())
        .isEqualTo("TIMEOUT: not done after 5 s");
    assertThat(
            Problem.of(ErrorCode.PROCESSING_FAILED, "no gold left").with("reason", "SOLD").line())
        .isEqualTo("PROCESSING_FAILED SOLD: no gold left");
    assertThat(Problem.invalid("/payload/name", "is missing").line())
        .isEqualTo("VALIDATION_ERROR: /payload/name is missing");
  }
}
