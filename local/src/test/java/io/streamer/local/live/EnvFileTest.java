package io.streamer.local.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "A=b | b",
        "  A = b  | b",
        "export A=b | b",
        "A=\"b c\" # words | b c",
        "A='b \"c\" # d' | b \"c\" # d",
        "A=\"b\\\"c\\\\d\" | b\"c\\d",
        "A=b # words | b",
        "A=b#c | b#c",
        "A=jdbc:postgresql://h/db?user=a&x=1 | jdbc:postgresql://h/db?user=a&x=1",
        "A=b c | b c",
        "A= | ``",
        "AB=c | -",
        "# A=b | -",
      })
  void aLineIsANameAndAValue(String line, String value) throws IOException {
    assertThat(file("\n#\n" + line + "\n").find("A").orElse(null)).isEqualTo(value);
  }

  @Test
  void aValueInQuotesMayHaveLineBreaksAsEscapes() throws IOException {
    assertThat(file("A=\"b\\nc\\td\"").find("A")).contains("b\nc\td");
  }

  @Test
  void theLastOfOneNameCountsAndWhatIsSavedIsSeen() throws IOException {
    var file = file("A=1\nA=2");
    assertThat(file.find("A")).contains("2");
    file("A=3");
    assertThat(file.find("A")).contains("3");
    Files.delete(folder.resolve(EnvFile.NAME));
    assertThat(file.find("A")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"secret", "=secret", "A B=secret", "A='secret", "A=\"secret", "1A=secret"})
  void whatIsNoSettingIsToldByItsLineAndNotByWhatItHolds(String line) throws IOException {
    var file = file("B=1\n" + line);
    assertThatIllegalStateException()
        .isThrownBy(() -> file.find("B"))
        .withMessageContaining(".env:2: ")
        .withMessageNotContaining("secret");
  }

  private EnvFile file(String text) throws IOException {
    return new EnvFile(Files.writeString(folder.resolve(EnvFile.NAME), text));
  }
}
