package io.streamer.testtools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UntilTest {
  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void theFirstValueThatIsAsWantedEndsTheWait() {
    assertThat(Until.matches("it is three", looks::incrementAndGet, n -> n == 3)).isEqualTo(3);
    assertThat(looks).hasValue(3);
  }

  @Test
  void whatNeverComesIsNamedWithTheLastLook() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() ->
            Until.within(Duration.ofMillis(20), "the row is gone", () -> "a row", String::isEmpty))
        .withMessage("waited PT0.02S in vain until the row is gone; last seen: a row");
  }

  @Test
  void anInterruptEndsTheWaitAndIsKept() throws Exception {
    var ended = new CompletableFuture<AssertionError>();
    var waits =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Until.holds("pigs fly", () -> looks.incrementAndGet() < 0);
              } catch (AssertionError e) {
                ended.complete(
                    Thread.currentThread().isInterrupted() ? e : new AssertionError("not kept"));
              }
            });
    waits.interrupt();
    assertThat(ended.get()).hasMessage("interrupted while waiting until pigs fly");
  }

  @Test
  void aLookThatFailsEndsTheWait() {
    var refused = new IllegalStateException("no table");
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() ->
            Until.holds(
                "it is there",
                () -> {
                  throw refused;
                }))
        .isSameAs(refused);
    var lost = new IOException("reset");
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() ->
            Until.holds(
                "it is there",
                () -> {
                  throw lost;
                }))
        .withMessage("cannot tell whether it is there")
        .withCause(lost);
  }
}
