package io.streamer.soak.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 63, 64, 65, 1_000, 999_999, 1_000_000_000, 3_600_000_000_000L})
  void aTimeIsToldToWithinThreeHundredths(long nanos) {
    latencies.add(nanos);

    assertThat(latencies.micros(0.5)).isCloseTo(nanos / 1e3, withPercentage(3.2));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.5, 0.9, 0.99, 1})
  void theShareOfAllTookNoLonger(double share) {
    for (int i = 1; i <= 10_000; i++) {
      latencies.add(i * 1_000L);
    }

    assertThat(latencies.micros(share)).isCloseTo(10_000 * share, withPercentage(3.2));
  }

  @Test
  void whatIsClearedCountsNoMore() {
    latencies.add(1_000_000);
    latencies.clear();

    assertThat(latencies.count()).isZero();
    assertThat(latencies.micros(0.5)).isCloseTo(0, within(0.0));
  }
}
