package io.streamer.shared.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.handler.Retry.Backoff;
import io.streamer.shared.action.RetryPolicy.Cause;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private static final Cause PASSING = new Cause.Passing(Optional.empty());

  /** Draws the highest number there is. */
  private static final RandomGenerator MOST =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return -1;
        }

        @Override
        public long nextLong(long bound) {
          return bound - 1;
        }
      };

  @Test
  void aFixedWaitStaysTheSame() {
    assertThat(waits(policy(Backoff.FIXED), MOST)).containsExactly(1000, 1000, 1000, 1000, 1000);
  }

  @Test
  void aLinearWaitGrowsByItsBaseUpToItsCap() {
    assertThat(waits(policy(Backoff.LINEAR), MOST)).containsExactly(1000, 2000, 3000, 4000, 5000);
    assertThat(policy(Backoff.LINEAR).delay(90, MOST)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void anExponentialWaitDoublesUpToItsCapAtMost() {
    assertThat(waits(policy(Backoff.EXPONENTIAL), MOST))
        .containsExactly(1000, 2000, 4000, 8000, 10_000);
    assertThat(policy(Backoff.EXPONENTIAL).delay(100, MOST)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void anExponentialWaitIsAnythingFromNothingOn() {
    var random = new Random(7);
    var waits =
        IntStream.range(0, 1_000)
            .mapToLong(_ -> policy(Backoff.EXPONENTIAL).delay(3, random).toMillis())
            .summaryStatistics();
    assertThat(waits.getMin()).isBetween(0L, 100L);
    assertThat(waits.getMax()).isBetween(3_900L, 4_000L);
    assertThat(waits.getAverage()).isBetween(1_800.0, 2_200.0);
  }

  @Test
  void aPassingFailureIsTriedAgainWhileAttemptsAreLeft() {
    var policy = policy(Backoff.FIXED);
    assertThat(policy.next(PASSING, 1, 3, MOST)).contains(Duration.ofSeconds(1));
    assertThat(policy.next(PASSING, 2, 3, MOST)).contains(Duration.ofSeconds(1));
    assertThat(policy.next(PASSING, 3, 3, MOST)).isEmpty();
  }

  @Test
  void aFinalFailureIsNotTriedAgain() {
    assertThat(policy(Backoff.FIXED).next(new Cause.Final(), 1, 3, MOST)).isEmpty();
  }

  @Test
  void aFailureThatSaysWhenIsWaitedForThatLongAtLeast() {
    var policy = policy(Backoff.FIXED);
    var later = new Cause.Passing(Optional.of(Duration.ofSeconds(30)));
    var sooner = new Cause.Passing(Optional.of(Duration.ofMillis(10)));
    assertThat(policy.next(later, 1, 3, MOST)).contains(Duration.ofSeconds(30));
    assertThat(policy.next(sooner, 1, 3, MOST)).contains(Duration.ofSeconds(1));
  }

  @Test
  void anUnknownActionIsWaitedForForTenMinutes() {
    long now = 0;
    var times = 0;
    for (var wait = RetryPolicy.otherVersion(0, now, MOST);
        wait.isPresent();
        wait = RetryPolicy.otherVersion(0, now, MOST)) {
      assertThat(wait.get()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(35));
      now += wait.get().toMillis();
      times++;
    }
    assertThat(now).isBetween(600_000L, 635_000L);
    assertThat(times).isLessThan(40);
  }

  @Test
  void aCapBelowItsBaseIsRefused() {
    assertThatThrownBy(
            () -> new RetryPolicy(Backoff.FIXED, Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static RetryPolicy policy(Backoff backoff) {
    return new RetryPolicy(backoff, Duration.ofSeconds(1), Duration.ofSeconds(10));
  }

  private static long[] waits(RetryPolicy policy, RandomGenerator random) {
    return IntStream.rangeClosed(1, 5).mapToLong(n -> policy.delay(n, random).toMillis()).toArray();
  }
}
