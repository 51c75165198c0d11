package io.streamer.test;

import io.streamer.shared.action.Definition;
import io.streamer.shared.action.RetryPolicy.Cause;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What production does behind a run of a job. */
record Attempts(Definition definition) {
  /** Gives the most there can be. */
  private static final RandomGenerator UNLUCKY =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return Long.MAX_VALUE;
        }

        @Override
        public long nextLong(long bound) {
          return bound - 1;
        }
      };

  /**
   * The attempt that the job goes on in.
   *
   * @throws IllegalStateException if there is none
   */
  int behind(int attempt, @Nullable Outcome outcome) {
    return switch (outcome) {
      case null -> throw new IllegalStateException("nothing has run yet: run(…) comes first");
      case Outcome.OutOfTime _ -> attempt;
      case Outcome.Failed(var thrown) when Cause.of(thrown) instanceof Cause.Final ->
          throw ended(outcome);
      case Outcome.TryAgain _, Outcome.Failed _, Outcome.TimedOut _, Outcome.Crashed _ -> {
        if (attempt >= definition.attempts()) {
          throw new IllegalStateException(
              "%s has %d attempts, and that was the last"
                  .formatted(definition.action(), definition.attempts()));
        }
        yield attempt + 1;
      }
      case Outcome.Completed _,
          Outcome.Refused _,
          Outcome.Forbidden _,
          Outcome.Invalid _,
          Outcome.Cancelled _ ->
          throw ended(outcome);
    };
  }

  private static IllegalStateException ended(Outcome outcome) {
    return new IllegalStateException("the job has ended: " + outcome);
  }

  /** The longest wait behind a failed attempt; empty if there was none, or it was the last. */
  Optional<Duration> longestWait(int attempt, @Nullable Outcome outcome) {
    return switch (outcome) {
      case Outcome.TryAgain(_, _, var after) -> wait(attempt, new Cause.Passing(after));
      case Outcome.Failed(var thrown) -> wait(attempt, Cause.of(thrown));
      case Outcome.TimedOut _ -> wait(attempt, new Cause.Passing(Optional.empty()));
      case null, default -> Optional.empty();
    };
  }

  private Optional<Duration> wait(int attempt, Cause cause) {
    return definition.retry().next(cause, attempt, definition.attempts(), UNLUCKY);
  }
}
