package io.streamer.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a socket is not read, and when it is again. */
class UnderWayTest {
  private static final int LARGE = 128 * 1024;

  private final UnderWay.Total total = new UnderWay.Total(10 * UnderWay.MOST_BYTES);
  private final UnderWay one = new UnderWay(total);

  @Test
  void aMegabyteIsEnough() {
    for (int i = 0; i < 7; i++) {
      assertThat(one.begins(LARGE)).isFalse();
    }
    assertThat(one.begins(LARGE)).isTrue();
    // one that was read before the pause took hold
    assertThat(one.begins(LARGE)).isFalse();
    assertThat(one.ends(LARGE)).isFalse();
    assertThat(one.ends(LARGE)).isTrue();
    assertThat(one.ends(LARGE)).isFalse();
  }

  @Test
  void whatOneLeavesUnansweredCountsUntilItIsDoneWith() {
    var left = new UnderWay[10];
    for (int i = 0; i < left.length; i++) {
      left[i] = new UnderWay(total);
      left[i].begins((int) UnderWay.MOST_BYTES);
      left[i].end();
      assertThat(left[i].begins(1)).isFalse();
    }
    assertThat(one.begins(1)).isTrue();
    assertThat(one.ends(1)).isTrue();
    for (var each : left) {
      assertThat(each.ends((int) UnderWay.MOST_BYTES)).isFalse();
    }
    assertThat(one.begins(1)).isFalse();
    assertThat(one.begins(1)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 26, 1_000})
  void manySmallOnesOfManySocketsAreTooMuchTogether(int length) {
    int each = 1_000;
    long sockets = 10 * UnderWay.MOST_BYTES / each / UnderWay.kept(length);
    for (int i = 0; i < sockets; i++) {
      var other = new UnderWay(total);
      for (int j = 0; j < each; j++) {
        assertThat(other.begins(length)).isFalse();
      }
    }
    var last = new UnderWay(total);
    int taken = 1;
    while (!last.begins(length)) {
      taken++;
    }
    assertThat(taken).isLessThanOrEqualTo(each);
    assertThat(one.begins(length)).isTrue();
  }

  @Test
  void soAreManySmallOnes() {
    for (int i = 1; i < UnderWay.MOST_MESSAGES; i++) {
      assertThat(one.begins(1)).isFalse();
    }
    assertThat(one.begins(1)).isTrue();
    assertThat(one.ends(1)).isTrue();
  }

  @Test
  void whileAllTogetherHaveTooMuchEachSocketWaitsForItsOwnAnswers() {
    var others = new UnderWay[10];
    for (int i = 0; i < others.length; i++) {
      others[i] = new UnderWay(total);
      others[i].begins((int) UnderWay.MOST_BYTES);
    }
    assertThat(one.begins(1)).isTrue();
    assertThat(one.begins(1)).isFalse();
    assertThat(one.ends(1)).isFalse();
    assertThat(one.ends(1)).isTrue();

    assertThat(one.begins(1)).isTrue();
    assertThat(others[0].ends((int) UnderWay.MOST_BYTES)).isTrue();
    assertThat(one.begins(1)).isFalse();
    assertThat(one.ends(1)).isTrue();
  }
}
