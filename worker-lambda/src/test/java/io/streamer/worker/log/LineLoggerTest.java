package io.streamer.worker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.streamer.shared.log.About;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.event.Level;

class LineLoggerTest {
  private static final JsonFactory STRICT =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final List<String> lines = new ArrayList<>();

  @Test
  void aLineIsOneObjectWithWhatItIsAboutAsFields() throws Exception {
    var begun = Instant.now().minusSeconds(1);
    var log = logger(Map.of());
    try (var _ = Invocation.begin("invocation-1")) {
      About.jobOf("j1")
          .tenant("acme")
          .action("report")
          .in(log.atWarn())
          .log("job {}: \"{}\"\n{}", "j1", "two\tlines", "of text");
    }
    log.info("outside");
    assertThat(lines).hasSize(2).noneMatch(line -> line.contains("\n"));
    assertThat(read(lines.getFirst()))
        .containsEntry("level", "WARN")
        .containsEntry("loggerName", "io.streamer.Some")
        .containsEntry("threadName", Thread.currentThread().getName())
        .containsEntry("awsRequestId", "invocation-1")
        .containsEntry("tenant", "acme")
        .containsEntry("action", "report")
        .containsEntry("job", "j1")
        .containsEntry("formattedMessage", "job j1: \"two\tlines\"\nof text")
        .hasEntrySatisfying("timestamp", at -> assertThat(Instant.parse(at)).isAfter(begun));
    assertThat(read(lines.getLast())).doesNotContainKey("awsRequestId");
  }

  @Test
  void whatWasThrownIsWithinBounds() throws Exception {
    var deep = new IllegalStateException("x".repeat(100_000));
    deep.setStackTrace(
        IntStream.range(0, 5_000)
            .mapToObj(line -> new StackTraceElement("a.Deep", "run", "Deep.java", line))
            .toArray(StackTraceElement[]::new));
    var circle = new IllegalStateException("outer", deep);
    deep.initCause(circle);
    logger(Map.of()).error("failed: {}", "y".repeat(100_000), circle);
    assertThat(lines.getFirst()).hasSizeLessThan(64 * 1024);
    var read = read(lines.getFirst());
    assertThat(read).containsEntry("className", "java.lang.IllegalStateException");
    assertThat(read.get("stack"))
        .contains("Caused by: java.lang.IllegalStateException: xxx", "a.Deep.run(Deep.java:0)")
        .contains("4936 more");
  }

  @Test
  void whatIsThrownMayBeTheLastOfTheArguments() throws Exception {
    var log = logger(Map.of());
    var thrown = new IllegalStateException("why");
    log.warn("lost {} of {}", 1, 2, thrown);
    About.jobOf("j1").in(log.atWarn()).log("lost {}", 1, thrown);
    for (var line : lines) {
      assertThat(read(line)).containsEntry("message", "why");
    }
    assertThat(read(lines.getFirst())).containsEntry("formattedMessage", "lost 1 of 2");
  }

  @Test
  void aCutLeavesNoHalfOfAPair() throws Exception {
    logger(Map.of()).info("a{}", "\uD83D\uDE00".repeat(10_000));
    assertThat(read(lines.getFirst()).get("formattedMessage"))
        .endsWith("\uD83D\uDE00… (3618 more)");
  }

  @Test
  void aHandlersFieldsReplaceNoneOfOurs() throws Exception {
    var line = logger(Map.of()).atInfo().addKeyValue("level", "FATAL").addKeyValue("own", "yes");
    for (int i = 0; i < 100; i++) {
      line = line.addKeyValue("own", i);
    }
    line.addKeyValue("last", "no").log("said");
    assertThat(read(lines.getFirst()))
        .containsEntry("level", "INFO")
        .containsEntry("own", "yes")
        .doesNotContainKey("last");
  }

  @Test
  void aFieldThatCannotBeSaidNamesWhatItThrew() throws Exception {
    var broken =
        new Object() {
          @Override
          public String toString() {
            throw new UnsupportedOperationException();
          }
        };
    logger(Map.of()).atInfo().addKeyValue("own", broken).log("said");
    assertThat(read(lines.getFirst()))
        .containsEntry("own", "java.lang.UnsupportedOperationException");
  }

  @Test
  void asTextItHasThemBeforeWhatIsSaid() {
    var log = logger(Map.of("STREAMER_LOG_FORMAT", "text"));
    About.jobOf("j1").in(log.atWarn()).log("lost");
    assertThat(lines)
        .containsExactly("[" + Thread.currentThread().getName() + "] WARN Some - job=j1 lost");
  }

  @ParameterizedTest
  @CsvSource({"DEBUG,8", "INFO,6", "WARN,4", "ERROR,2"})
  void theLevelIsTheLeastThatIsWritten(String level, int written) throws Exception {
    var log = logger(Map.of("STREAMER_LOG_LEVEL", level));
    for (var one : Level.values()) {
      log.atLevel(one).log("fluent");
    }
    log.trace("said");
    log.debug("said");
    log.info("said");
    log.warn("said");
    log.error("said");
    assertThat(lines).hasSize(written);
    assertThat(lines).anyMatch(line -> line.contains("\"" + level + "\""));
  }

  @Test
  void aSettingWithoutSuchAValueIsNamed() {
    assertThatThrownBy(() -> logger(Map.of("STREAMER_LOG_FORMAT", "xml")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_LOG_FORMAT");
    assertThatThrownBy(() -> logger(Map.of("STREAMER_LOG_LEVEL", "LOUD")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_LOG_LEVEL");
  }

  private Logger logger(Map<String, String> settings) {
    return new LineLogger(
        "io.streamer.Some", FunctionLog.settings(new Environment(settings)), lines::add);
  }

  /** Its texts and numbers by their names, those of the throwable's object among them. */
  private static Map<String, String> read(String line) throws IOException {
    var fields = new HashMap<String, String>();
    try (var json = STRICT.createParser(line)) {
      for (var token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token.isScalarValue()) {
          fields.put(json.currentName(), json.getText());
        } else {
          assertThat(token).isNotEqualTo(JsonToken.START_ARRAY);
        }
      }
    }
    return fields;
  }
}
