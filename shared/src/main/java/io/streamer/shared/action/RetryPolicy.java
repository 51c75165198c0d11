package io.streamer.shared.action;

import io.streamer.handler.Failure;
import io.streamer.handler.Retry.Backoff;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.payload.Unwritable;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** When a job that failed is tried again. */
public record RetryPolicy(Backoff backoff, Duration base, Duration cap) {
  /** How long after its acceptance a job waits for a worker of a version that can run it. */
  private static final Duration OTHER_VERSION = Duration.ofMinutes(10);

  private static final RetryPolicy OTHER_VERSION_WAIT =
      new RetryPolicy(Backoff.EXPONENTIAL, Duration.ofSeconds(5), Duration.ofSeconds(30));

  public RetryPolicy {
    if (base.toMillis() < 1 || cap.compareTo(base) < 0) {
      throw new IllegalArgumentException("a retry's base is 1ms at least, and its cap no less");
    }
  }

  /** What stood in a job's way, as far as another attempt is concerned. */
  public sealed interface Cause {
    /** It will be no better next time. */
    record Final() implements Cause {}

    /**
     * It may pass.
     *
     * @param after how long to wait at least, if the failure said so
     */
    record Passing(Optional<Duration> after) implements Cause {}

    /** By what a handler threw: what will be the same next time is final. */
    static Cause of(Throwable thrown) {
      return switch (thrown) {
        case Failure failure ->
            switch (failure.kind()) {
              case REFUSED, FORBIDDEN -> new Final();
              case TRY_AGAIN -> new Passing(failure.after());
            };
        case InvalidPayload _, Unwritable _ -> new Final();
        default -> new Passing(Optional.empty());
      };
    }
  }

  /**
   * How long to wait for the next attempt.
   *
   * @param attempt the one that failed, from 1
   * @param attempts how many there may be
   * @return empty if the job fails
   */
  public Optional<Duration> next(Cause cause, int attempt, int attempts, RandomGenerator random) {
    return switch (cause) {
      case Cause.Final _ -> Optional.empty();
      case Cause.Passing(var after) ->
          attempt >= attempts
              ? Optional.empty()
              : Optional.of(longer(delay(attempt, random), after.orElse(Duration.ZERO)));
    };
  }

  /**
   * How long a job waits that this worker cannot run, because it does not know the action or takes
   * another payload: deploys roll. It uses up no attempt.
   *
   * @param since its acceptance, or when its delay was over; epoch ms
   * @return empty if it has waited long enough
   */
  public static Optional<Duration> otherVersion(long since, long now, RandomGenerator random) {
    var waited = now - since;
    if (waited >= OTHER_VERSION.toMillis()) {
      return Optional.empty();
    }
    // waits as long again as it has waited, about
    var round = 1 + (int) (waited / OTHER_VERSION_WAIT.cap.toMillis());
    var wait = OTHER_VERSION_WAIT.base.plus(OTHER_VERSION_WAIT.delay(round, random));
    return Optional.of(wait);
  }

  /** The wait after a failed attempt, from 1. */
  Duration delay(int attempt, RandomGenerator random) {
    return switch (backoff) {
      case FIXED -> base;
      case LINEAR -> shorter(base.multipliedBy(attempt), cap);
      case EXPONENTIAL -> {
        // 2^30 times 1 ms is beyond every cap of a day
        var most = shorter(base.multipliedBy(1L << Math.min(attempt - 1, 30)), cap);
        yield Duration.ofMillis(random.nextLong(most.toMillis() + 1));
      }
    };
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
