package io.streamer.shared.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;

class SeldomTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-29T00:00:00Z"));
  private final Lines lines = new Lines();
  private final Seldom seldom = new Seldom(lines, now::get);

  @Test
  void aKindIsSaidOnceAMinuteWithWhatWasPassedOver() {
    for (int i = 0; i < 100; i++) {
      seldom.info("refused", "the token is bad");
    }
    assertThat(lines.said).containsExactly("INFO refused: the token is bad");

    pass(59);
    seldom.info("refused", "the token is bad");
    assertThat(lines.said).hasSize(1);

    pass(1);
    seldom.info("refused", "the token is old");
    seldom.info("refused", "the token is old");
    assertThat(lines.said)
        .hasSize(2)
        .endsWith("INFO refused: the token is old (and 100 like it before)");

    pass(60);
    seldom.info("refused", "again");
    assertThat(lines.said).hasSize(3).endsWith("INFO refused: again (and 1 like it before)");

    pass(3_600);
    seldom.info("refused", "later");
    assertThat(lines.said).hasSize(4).endsWith("INFO refused: later");
  }

  @Test
  void kindsDoNotSilenceEachOther() {
    seldom.warn("broken off", "IOException");
    seldom.error("failed", "IllegalStateException");
    assertThat(lines.said)
        .containsExactly("WARN broken off: IOException", "ERROR failed: IllegalStateException");
  }

  @Test
  void manyThreadsSayItOnce() throws InterruptedException {
    var start = new CountDownLatch(1);
    var threads =
        List.of(1, 2, 3, 4, 5, 6, 7, 8).stream()
            .map(_ ->
                Thread.ofVirtual()
                    .start(() -> {
                      try {
                        start.await();
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                      for (int i = 0; i < 1_000; i++) {
                        seldom.info("refused", "x");
                      }
                    }))
            .toList();
    start.countDown();
    for (var thread : threads) {
      thread.join();
    }
    assertThat(lines.said).hasSize(1);
    pass(60);
    seldom.info("refused", "x");
    assertThat(lines.said).endsWith("INFO refused: x (and 7999 like it before)");
  }

  @Test
  void whatWasThrownIsToldWithItsPlaceAndWithoutItsMessage() {
    var thrown = new IllegalArgumentException("bad token eyJhbGciOi");
    assertThat(Seldom.of(thrown))
        .startsWith("java.lang.IllegalArgumentException at io.streamer.shared.log.SeldomTest.")
        .doesNotContain("eyJ");
    thrown.setStackTrace(new StackTraceElement[0]);
    assertThat(Seldom.of(thrown)).isEqualTo("java.lang.IllegalArgumentException");
  }

  @Test
  void aFaultHasItsStackOnceAMinuteAndOnePlaceDoesNotHideAnother() {
    var one = new IllegalStateException("one");
    var other = new IllegalStateException("other");
    for (int i = 0; i < 1_000; i++) {
      seldom.fault(About.jobOf("j-1"), "handling a frame", "error " + i, one);
    }
    seldom.fault(About.jobOf("j-2"), "handling a frame", "error a", other);
    assertThat(lines.said)
        .containsExactly(
            "ERROR job=j-1 handling a frame: error 0", "ERROR job=j-2 handling a frame: error a");
    assertThat(lines.thrown).containsExactly(one, other);

    pass(60);
    seldom.fault(About.jobOf("j-1"), "handling a frame", "error b", one);
    assertThat(lines.said)
        .hasSize(3)
        .endsWith("ERROR job=j-1 handling a frame: error b (and 999 like it before)");
  }

  private void pass(long seconds) {
    now.updateAndGet(before -> before.plusSeconds(seconds));
  }

  /** Keeps what is said. */
  private static final class Lines extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;
    private final transient List<String> said = new ArrayList<>();
    private final transient List<Throwable> thrown = new ArrayList<>();

    @Override
    protected String getFullyQualifiedCallerName() {
      return "";
    }

    @Override
    protected synchronized void handleNormalizedLoggingCall(
        Level level, Marker marker, String pattern, Object[] arguments, Throwable cause) {
      if (cause != null) {
        thrown.add(cause);
      }
      said.add(
          level + " " + org.slf4j.helpers.MessageFormatter.basicArrayFormat(pattern, arguments));
    }

    @Override
    public boolean isTraceEnabled() {
      return true;
    }

    @Override
    public boolean isDebugEnabled() {
      return true;
    }

    @Override
    public boolean isInfoEnabled() {
      return true;
    }

    @Override
    public boolean isWarnEnabled() {
      return true;
    }

    @Override
    public boolean isErrorEnabled() {
      return true;
    }
  }
}
