package io.streamer.handler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RawJsonTest {

  @Test
  void theSameBytesAreEqualAndAnotherSpellingIsNot() {
    var json = RawJson.of("{\"a\":1.0}");

    assertThat(json)
        .isEqualTo(RawJson.of("{\"a\":1.0}".getBytes(UTF_8)))
        .hasSameHashCodeAs(RawJson.of("{\"a\":1.0}".getBytes(UTF_8)))
        .isNotEqualTo(RawJson.of("{\"a\":1.00}"))
        .isNotEqualTo("{\"a\":1.0}");
  }

  @Test
  void itsTextIsWhatItWasMadeOf() {
    assertThat(RawJson.of("{\"é\":\"👩‍🚀\"}")).hasToString("{\"é\":\"👩‍🚀\"}");
    assertThat(RawJson.NULL.utf8()).isEqualTo("null".getBytes(UTF_8));
  }
}
