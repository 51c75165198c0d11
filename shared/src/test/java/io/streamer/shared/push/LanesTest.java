package io.streamer.shared.push;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long those who do not answer keep others waiting. */
class LanesTest {
  private static final long LATE = 500;

  private long now = Long.MIN_VALUE / 2;

  @ParameterizedTest
  @CsvSource({"1, 1", "4, 8", "32, 64"})
  void whatIsLateHoldsNoLaneOfTheOthersWhileItHasLanesOfItsOwn(int most, int mostLate) {
    var lanes = new Lanes<Integer>(most, mostLate, LATE);
    int begun = 0;
    while (begun < most + mostLate) {
      for (int i = 0; i < most; i++) {
        assertThat(lanes.isFree(false, now)).isTrue();
        lanes.begin(begun++, false, now);
      }
      assertThat(lanes.isFree(false, now)).isFalse();
      now += LATE - 1;
      assertThat(lanes.isFree(false, now)).isFalse();
      now++;
    }
    assertThat(lanes.isFree(false, now)).isFalse();
    assertThat(lanes.isFree(true, now)).isFalse();
    assertThat(lanes.freeAt(now)).isEqualTo(Long.MAX_VALUE);
    // one of the late ends, and the oldest of the others is late in its place
    lanes.end(0);
    assertThat(lanes.isFree(false, now)).isTrue();
    assertThat(lanes.freeAt(now)).isEqualTo(now);
    for (int i = 1; i < begun; i++) {
      lanes.end(i);
    }
    assertThat(lanes.isIdle()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 7"})
  void whatIsExpectedToBeLateTakesNoLaneOfTheOthers(int most, int mostLate) {
    var lanes = new Lanes<Integer>(most, mostLate, LATE);
    for (int i = 0; i < mostLate; i++) {
      assertThat(lanes.isFree(true, now)).isTrue();
      lanes.begin(i, true, now);
    }
    assertThat(lanes.isFree(true, now)).isFalse();
    assertThat(lanes.isFree(false, now)).isTrue();
    lanes.end(0);
    assertThat(lanes.isFree(true, now)).isTrue();
  }

  @Test
  void itIsKnownWhenALaneComesFreeByItself() {
    var lanes = new Lanes<Integer>(2, 1, LATE);
    lanes.begin(0, false, now);
    assertThat(lanes.freeAt(now)).isEqualTo(now);
    lanes.begin(1, false, now + 100);
    assertThat(lanes.freeAt(now + 100)).isEqualTo(now + LATE);
    lanes.end(0);
    lanes.begin(2, false, now + 200);
    assertThat(lanes.freeAt(now + 200)).isEqualTo(now + 100 + LATE);
    assertThat(lanes.isIdle()).isFalse();
  }
}
