package io.streamer.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a socket's last frame and its last sign of life tell its state, by heartbeats of 1 s. */
class LivenessTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, CONNECTED",
    "2000, 900, CONNECTED",
    "2001, 1000, IDLE",
    "60000, 1500, IDLE",
    "60000, 1501, STALE",
    "1501, 1501, STALE",
  })
  void aSocketIsUsedIdleOrSilent(long activeAgo, long heardAgo, Liveness state) {
    long now = 1_000_000;
    assertThat(Liveness.of(now, now - activeAgo, now - heardAgo, 1_000)).isEqualTo(state);
  }
}
