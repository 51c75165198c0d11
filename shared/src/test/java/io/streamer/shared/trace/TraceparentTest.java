package io.streamer.shared.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceparentTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @Test
  void aGoodOneIsRead() {
    assertThat(Traceparent.parse("00-" + TRACE + "-" + SPAN + "-01"))
        .isEqualTo(new Traceparent(TRACE, SPAN, true));
    assertThat(Traceparent.parse("00-" + TRACE + "-" + SPAN + "-00"))
        .isEqualTo(new Traceparent(TRACE, SPAN, false));
  }

  @Test
  void ofFlagsOnlyTheLowestCounts() {
    assertThat(Traceparent.parse("00-" + TRACE + "-" + SPAN + "-fe").sampled()).isFalse();
    assertThat(Traceparent.parse("00-" + TRACE + "-" + SPAN + "-03").sampled()).isTrue();
  }

  @Test
  void aLaterVersionMaySayMore() {
    var later = "01-" + TRACE + "-" + SPAN + "-01";
    assertThat(Traceparent.parse(later)).isNotNull();
    assertThat(Traceparent.parse(later + "-more")).isNotNull();
    assertThat(Traceparent.parse(later + "more")).isNull();
    assertThat(Traceparent.parse(later + "-" + "x".repeat(300))).isNull();
  }

  @Test
  void itIsWrittenAsItIsRead() {
    var text = "00-" + TRACE + "-" + SPAN + "-01";
    assertThat(new Traceparent(TRACE, SPAN, true).text()).isEqualTo(text);
    assertThat(Traceparent.parse(text)).isEqualTo(new Traceparent(TRACE, SPAN, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7 01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
        "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473\u0661-00f067aa0ba902b7-01"
      })
  void allElseIsNone(String text) {
    assertThat(Traceparent.parse(text)).isNull();
    assertThat(Span.NONE.traceparent(java.util.Optional.of(text))).isEmpty();
  }
}
