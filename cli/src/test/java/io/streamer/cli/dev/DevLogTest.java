package io.streamer.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevLogTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo 12296ec5-c868-427b-a7bf-7e4aef009127 answered in 3 ms | echo 12296ec5 answered in 3 ms | 32",
        "a r-1 queued as job Z_1PkX8qIWacj2qEYYra48Dabbc | a r-1 queued as job Z_1PkX8qIWacj2qEYYra48Dabbc | ",
        "a r-1 refused: FORBIDDEN: a needs b | a r-1 refused: FORBIDDEN: a needs b | 31",
        "a r-1 failed in attempt 1 and is tried again | a r-1 failed in attempt 1 and is tried again | 31",
      })
  void aLineHasItsTimeAndShortIdsAndOnATerminalAColour(String line, String shown, String colour) {
    log(false).event(line);
    assertThat(out.toString())
        .matches("\\d\\d:\\d\\d:\\d\\d " + java.util.regex.Pattern.quote(shown) + "\n");

    out.getBuffer().setLength(0);
    log(true).event(line);
    assertThat(out.toString()).contains(shown);
    if (colour != null) {
      assertThat(out.toString()).contains("\u001b[" + colour + "m" + shown);
    }
  }

  @ParameterizedTest
  @CsvSource({"'a \u001b[2J b', 'a  [2J b'", "'a \u0007 b', 'a   b'"})
  void whatAHandlerChoosesDoesNotCommandTheTerminal(String line, String shown) {
    log(false).event(line);
    assertThat(out.toString()).contains(shown);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void whatIsWrongGoesToStandardError(boolean colours) {
    log(colours).error("Greet.java:1: no\n  line");
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("Greet.java:1: no\n  line");
  }

  private DevLog log(boolean colours) {
    return new DevLog(new PrintWriter(out), new PrintWriter(err), colours);
  }
}
