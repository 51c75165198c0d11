package io.streamer.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalScreenTest {
  private final StringWriter out = new StringWriter();

  @ParameterizedTest
  @ValueSource(ints = {20, 40, 79, 80, 200})
  void theBarFitsAnyTerminalWhateverItsMessageIsWrittenIn(int columns) {
    var screen = new TerminalScreen(new PrintWriter(out), new PrintWriter(out), () -> columns);
    for (var message : new String[] {"half way", "日本語".repeat(50), "é".repeat(300), ""}) {
      show(screen, 50, message, 1);
      show(screen, 70, message, 12);
    }

    assertThat(out.toString().split("\r\u001b\\[K", -1))
        .hasSizeGreaterThan(8)
        .allSatisfy(line -> assertThat(TextColumns.width(line)).isLessThan(columns));
  }

  @Test
  void aWideTerminalShowsMoreOfTheMessage() {
    var screen = new TerminalScreen(new PrintWriter(out), new PrintWriter(out), () -> 120);
    show(screen, 50, "x".repeat(70), 1);

    assertThat(out.toString()).contains("x".repeat(70));
  }

  private static void show(TerminalScreen screen, int percentage, String message, int attempt) {
    var frame =
        JsonObject.of(
            "type", "progress", "percentage", percentage, "message", message, "attempt", attempt);
    screen.show(frame.encode(), frame);
  }
}
