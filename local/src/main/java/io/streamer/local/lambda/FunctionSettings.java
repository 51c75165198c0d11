package io.streamer.local.lambda;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How a function is run; the bounds are those of Lambda's CreateFunction, PutFunctionConcurrency
 * and PutFunctionEventInvokeConfig.
 *
 * @param timeout 1 s to 15 minutes
 * @param reservedConcurrency runs at once, 0 or more; without it the endpoint's limit holds
 * @param retries repeats of an asynchronous run after a function error, 0 to 2
 * @param maximumAge how long an asynchronous event may wait, 60 s to 6 hours
 * @param onFailure the failure destination of asynchronous events; must not block
 */
public record FunctionSettings(
    Duration timeout,
    OptionalInt reservedConcurrency,
    int retries,
    Duration maximumAge,
    Consumer<String> onFailure) {

  /**
   * The job function's, which terraform deploys: 15 minutes, no repeats, and an event is worth
   * nothing after a minute.
   */
  public static final FunctionSettings STREAMER =
      new FunctionSettings(
          Duration.ofMinutes(15), OptionalInt.empty(), 0, Duration.ofSeconds(60), _ -> {});

  /** The stream function's, which terraform deploys; nobody invokes it asynchronously. */
  public static final FunctionSettings STREAM = STREAMER.timeout(Duration.ofSeconds(60));

  /** Refuses what Lambda refuses, by an IllegalArgumentException that names the parameter. */
  public FunctionSettings {
    within("Timeout", timeout.toSeconds(), 1, 900);
    within("MaximumRetryAttempts", retries, 0, 2);
    within("MaximumEventAgeInSeconds", maximumAge.toSeconds(), 60, 21_600);
    within("ReservedConcurrentExecutions", reservedConcurrency.orElse(0), 0, Integer.MAX_VALUE);
  }

  private static void within(String parameter, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          parameter + " is " + value + ", must be " + least + " to " + most);
    }
  }

  /** The same with another timeout. */
  public FunctionSettings timeout(Duration limit) {
    return new FunctionSettings(limit, reservedConcurrency, retries, maximumAge, onFailure);
  }

  /** The same with so many runs at once. */
  public FunctionSettings reserved(int runs) {
    return new FunctionSettings(timeout, OptionalInt.of(runs), retries, maximumAge, onFailure);
  }

  /** The same with other answers to a failed event. */
  public FunctionSettings onError(int repeats, Duration age, Consumer<String> destination) {
    return new FunctionSettings(timeout, reservedConcurrency, repeats, age, destination);
  }
}
