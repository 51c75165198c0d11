package io.streamer.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextColumnsTest {
  @ParameterizedTest
  @CsvSource({"abc,3", "über,4", "e\u0301,1", "日本語,6", "한국,4", "🎉,2", "a日,3"})
  void charactersTakeNoneOneOrTwoColumns(String text, int columns) {
    assertThat(TextColumns.width(text)).isEqualTo(columns);
  }

  @ParameterizedTest
  @CsvSource({"abcdef,4,abc…", "abc,3,abc", "日本語,5,日本…", "日本語,4,日…", "abc,1,…", "🎉🎉,3,🎉…"})
  void aTextIsCutBetweenCharacters(String text, int most, String shown) {
    assertThat(TextColumns.cut(text, most)).isEqualTo(shown);
    assertThat(TextColumns.width(TextColumns.cut(text, most))).isLessThanOrEqualTo(most);
  }

  @Test
  void nothingFitsIntoNoColumns() {
    assertThat(TextColumns.cut("abc", 0)).isEmpty();
    assertThat(TextColumns.pad("日", 4)).isEqualTo("日  ");
  }
}
