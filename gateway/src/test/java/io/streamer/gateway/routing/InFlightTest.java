package io.streamer.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InFlightTest {
  private final InFlight inFlight = new InFlight();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1_000})
  void itIsZeroOnceAllThatBegunHasEndedOnWhateverThread(int number) {
    assertThat(inFlight.isZero()).isTrue();
    IntStream.range(0, number).parallel().forEach(_ -> inFlight.begin());
    for (int i = 0; i < number; i++) {
      assertThat(inFlight.isZero()).isFalse();
      inFlight.end();
    }
    assertThat(inFlight.isZero()).isTrue();
  }
}
