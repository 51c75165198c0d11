package io.streamer.gateway.action;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log has of handlers that fail. */
class FailuresTest {
  @Test
  void eachFailureHasItsLineAndFewOfThemAStack() {
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    var logger = (Logger) LoggerFactory.getLogger(Failures.class);
    logger.addAppender(lines);
    try {
      for (int i = 0; i < 1_000; i++) {
        var problem = Failures.problem("often", new IllegalStateException("no"));
        var id = String.valueOf(problem.details().get("error_id"));
        assertThat(lines.list.getLast().getFormattedMessage()).contains("often", id);
      }
      var _ = Failures.problem("seldom", new IllegalStateException("no"));
    } finally {
      logger.detachAppender(lines);
    }
    var stacks = lines.list.stream().filter(line -> line.getThrowableProxy() != null).toList();
    assertThat(stacks).hasSizeBetween(2, 100);
    assertThat(List.of(stacks.getFirst(), stacks.getLast()))
        .extracting(ILoggingEvent::getFormattedMessage)
        .satisfiesExactly(
            first -> assertThat(first).contains("often"),
            last -> assertThat(last).contains("seldom"));
    assertThat(lines.list.get(1).getFormattedMessage())
        .contains("IllegalStateException: no", "FailuresTest");
  }
}
