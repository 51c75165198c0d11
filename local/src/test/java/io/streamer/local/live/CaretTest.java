package io.streamer.local.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaretTest {
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void theLineOfAPlaceIsShownWithACaretUnderIt(String end) {
    var text = "one" + end + "  two" + end + "three";
    assertThat(Caret.below(text, text.indexOf("wo"))).isEqualTo("\n    two\n     ^");
    assertThat(Caret.below(text, 0)).isEqualTo("\n  one\n  ^");
    assertThat(Caret.below(text, text.length())).isEqualTo("\n  three\n       ^");
  }

  @Test
  void aTabIsAsWideBelowAsAbove() {
    assertThat(Caret.below("\ta\tb", 3)).isEqualTo("\n  \ta\tb\n  \t \t^");
  }

  @Test
  void nothingIsShownOfALineThatNoTerminalShowsAsOne() {
    assertThat(Caret.below("x".repeat(1000), 500)).isEmpty();
    assertThat(Caret.below("a\n\nb", 2)).isEmpty();
  }
}
