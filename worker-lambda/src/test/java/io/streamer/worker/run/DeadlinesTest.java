package io.streamer.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.worker.time.Pace;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlinesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void nothingEndsBeforeTheFirstOfThem() {
    var deadlines = Deadlines.of(0, MINUTE, 90_000, Optional.of(70_000L));
    assertThat(deadlines.at()).isEqualTo(60_000);
    assertThat(deadlines.end(59_999, true)).isEmpty();
  }

  @Test
  void anAttemptOverItsTimeoutHasFailedInSpiteOfACheckpoint() {
    var deadlines = Deadlines.of(0, MINUTE, 90_000, Optional.empty());
    assertThat(deadlines.end(60_000, true)).contains(new End.TimedOut(MINUTE));
    assertThat(deadlines.end(95_000, true)).contains(new End.TimedOut(MINUTE));
  }

  @Test
  void anInvocationThatEndsIsGoneOnFromItsCheckpoint() {
    var deadlines = Deadlines.of(0, MINUTE, 30_000, Optional.empty());
    assertThat(deadlines.end(30_000, true)).contains(new End.OutOfTime());
    assertThat(deadlines.end(90_000, true)).contains(new End.OutOfTime());
    assertThat(deadlines.end(30_000, false)).contains(new End.TimedOut(Duration.ofSeconds(30)));
  }

  @Test
  void theJobsOwnDeadlineIsFinal() {
    var deadlines = Deadlines.of(0, MINUTE, 90_000, Optional.of(10_000L));
    assertThat(deadlines.end(10_000, true)).contains(new End.Overdue());
    assertThat(deadlines.end(95_000, false)).contains(new End.Overdue());
  }

  @ParameterizedTest
  @ValueSource(longs = {60_000, 60_001, 89_999, 90_000, 120_000})
  void whoLooksLateSeesTheJobsDeadlineFirst(long jobAt) {
    var deadlines = Deadlines.of(0, MINUTE, 90_000, Optional.of(jobAt));
    assertThat(deadlines.end(jobAt, true)).contains(new End.Overdue());
    assertThat(deadlines.end(jobAt + 1, false)).contains(new End.Overdue());
  }

  @Test
  void anotherStretchFitsIfTheLongestSoFarWould() {
    var pace = new Pace(0, 100);
    assertThat(pace.goesOn(40)).isTrue();
    assertThat(pace.goesOn(50)).isTrue();
    assertThat(pace.goesOn(60)).isFalse();
  }
}
