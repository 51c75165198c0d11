package io.streamer.local.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class EventSourceMappingTest {
  private static final EventSourceMapping OURS = EventSourceMapping.STREAMER;

  @Test
  void whatIsOutsideOfLambdasBoundsIsRefusedByName() {
    assertRefused("BatchSize", () -> OURS.batches(0, Duration.ZERO));
    assertRefused("BatchSize", () -> OURS.batches(10_001, Duration.ZERO));
    assertRefused("MaximumBatchingWindowInSeconds", () -> OURS.batches(1, Duration.ofSeconds(301)));
    assertRefused("ParallelizationFactor", () -> OURS.parallel(11));
    assertRefused("ParallelizationFactor", () -> OURS.parallel(0));
    assertRefused("MaximumRetryAttempts", () -> OURS.onError(true, -2, Optional.empty()));
    assertRefused("MaximumRetryAttempts", () -> OURS.onError(true, 10_001, Optional.empty()));
    assertRefused(
        "MaximumRecordAgeInSeconds",
        () -> OURS.onError(true, 0, Optional.of(Duration.ofSeconds(59))));
    assertRefused(
        "MaximumRecordAgeInSeconds", () -> OURS.onError(true, 0, Optional.of(Duration.ofDays(8))));
    assertRefused(
        "FilterCriteria", () -> OURS.filtered(Collections.nCopies(6, OURS.filters().getFirst())));
  }

  @Test
  void theBoundsThemselvesAreTaken() {
    var widest =
        OURS.batches(10_000, Duration.ofMinutes(5))
            .parallel(10)
            .onError(true, 10_000, Optional.of(Duration.ofDays(7)))
            .filtered(Collections.nCopies(5, OURS.filters().getFirst()));
    assertThat(widest.filters()).hasSize(5);
    assertThat(OURS.onError(false, -1, Optional.of(Duration.ofMinutes(1))).filtered(List.of()))
        .extracting(EventSourceMapping::retries)
        .isEqualTo(-1);
  }

  private static void assertRefused(String parameter, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(parameter);
  }
}
