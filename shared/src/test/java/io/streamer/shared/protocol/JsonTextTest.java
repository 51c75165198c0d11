package io.streamer.shared.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  @ParameterizedTest
  @ValueSource(strings = {"0", "null", "\"ü\"", " {\"a\":[1,{}]} ", "-1.5e3", "[[],[]]"})
  void oneValueIsOne(String text) {
    assertThat(JsonText.isValue(text.getBytes(UTF_8), 500)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "1 2", "{}x", "{\"a\":1,}", "nul", "\"a", "01", "{\"a\":1},\"b\":2", "}"})
  void whatIsMoreOrLessIsNone(String text) {
    assertThat(JsonText.isValue(text.getBytes(UTF_8), 500)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00ef\u00bb\u00bf1", "\"\u00ff\"", "\"\u00c0\u0080\""})
  void whatIsNoUtf8OrBeginsWithAByteOrderMarkIsNone(String latin) {
    assertThat(JsonText.isValue(latin.getBytes(ISO_8859_1), 500)).isFalse();
  }

  @Test
  void theDeepestStillCounts() {
    for (int depth : new int[] {1, 64, 65, 500}) {
      var text = ("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8);
      assertThat(JsonText.isValue(text, depth)).isTrue();
      assertThat(JsonText.isValue(text, depth - 1)).isFalse();
    }
  }
}
