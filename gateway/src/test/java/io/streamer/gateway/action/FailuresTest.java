package io.streamer.gateway.action;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.streamer.shared.log.About;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log has of handlers that fail. */
class FailuresTest {
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Failures.class);

  private static final About CALL = About.connectionOf("acme", "c-1").request("r-1\n{\"");

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
  }

  @Test
  void ofManyFailuresAFewHaveALineAndOneAStack() {
    for (int i = 0; i < 100_000; i++) {
      var _ = Failures.problem(CALL, "often", new IllegalStateException("no"));
    }
    var _ = Failures.problem(CALL, "seldom", new IllegalStateException("no"));

    var stacks = lines.list.stream().filter(line -> line.getThrowableProxy() != null).toList();
    assertThat(stacks).hasSizeBetween(2, 1_000);
    // ten of each second, the last of which need not be over
    assertThat(lines.list).hasSizeBetween(11, 10 * stacks.size());
    assertThat(List.of(stacks.getFirst(), stacks.getLast()))
        .extracting(ILoggingEvent::getFormattedMessage)
        .satisfiesExactly(
            first -> assertThat(first).contains("often"),
            last -> assertThat(last).contains("seldom"));
    assertThat(lines.list.get(1).getFormattedMessage())
        .contains("IllegalStateException: no", "FailuresTest");
  }

  @Test
  void theFirstOfASecondIsFoundByItsId() {
    var thrown = new IllegalStateException("no");

    var problem = Failures.problem(CALL, "by id", thrown);

    var line = lines.list.getLast();
    assertThat(line.getFormattedMessage())
        .contains("by id", String.valueOf(problem.details().get("error_id")));
    assertThat(line.getKeyValuePairs())
        .map(pair -> pair.key + "=" + pair.value)
        .containsExactly("tenant=acme", "connection=c-1", "request=r-1 {\"", "action=by id");
    assertThat(((ThrowableProxy) line.getThrowableProxy()).getThrowable()).isSameAs(thrown);
  }

  @Test
  void whatAClientSentFillsNoLine() {
    for (int i = 0; i < 10; i++) {
      var _ =
          Failures.problem(CALL, "parses", new NumberFormatException("9".repeat(120_000) + "\n"));
      var _ = Failures.problem(CALL, "wraps", new RuntimeException(new Error("9".repeat(120_000))));
    }

    assertThat(lines.list)
        .hasSizeGreaterThanOrEqualTo(20)
        .allSatisfy(line -> {
          var thrown =
              line.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(line.getThrowableProxy());
          assertThat(line.getFormattedMessage() + thrown).hasSizeLessThan(30_000);
          assertThat(line.getFormattedMessage()).hasSizeLessThan(600).doesNotContain("\n");
        });
  }
}
