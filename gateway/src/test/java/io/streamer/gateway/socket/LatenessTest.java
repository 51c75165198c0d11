package io.streamer.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When an event loop is too late to take on more. */
class LatenessTest {
  // close to where nanoTime turns over
  private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);
  private final Lateness lateness = new Lateness(Duration.ofMillis(500), () -> now);

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 10_000})
  void aLoopThatIsOnTimeTakesMore(int times) {
    for (int i = 0; i < times; i++) {
      fires(0);
      assertThat(lateness.isTooMuch()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {50, 300, 1_000})
  void onePauseIsNoReason(long pauseMs) {
    fires(pauseMs);
    assertThat(lateness.isTooMuch()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"600, 20", "1000, 3", "5000, 1"})
  void whoIsLateForLongTakesNoMore(long lateMs, int times) {
    for (int i = 0; i < times; i++) {
      fires(lateMs);
    }
    assertThat(lateness.isTooMuch()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {100, 400, 490})
  void whoIsLateByLessGoesOnHoweverLongItLasts(long lateMs) {
    for (int i = 0; i < 100; i++) {
      fires(lateMs);
      assertThat(lateness.isTooMuch()).isFalse();
    }
  }

  @Test
  void whatComesBeforeATimerThatIsOverdueFindsTheLoopLate() {
    fires(0);
    now += TimeUnit.SECONDS.toNanos(3);
    assertThat(lateness.isTooMuch()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {2_000, 10_000, 60_000})
  void itIsOverSoonAfterTheLoopIsOnTimeAgain(long pauseMs) {
    fires(pauseMs);
    assertThat(lateness.isTooMuch()).isTrue();
    for (int i = 0; i < 30; i++) {
      fires(0);
    }
    assertThat(lateness.isTooMuch()).isFalse();
  }

  private void fires(long lateMs) {
    now += TimeUnit.MILLISECONDS.toNanos(Lateness.EVERY_MS + lateMs);
    lateness.fired();
  }
}
