package io.streamer.emulator.lambda;

import java.time.Duration;

/**
 * How a function is run.
 *
 * @param timeout the longest run, at most 15 minutes
 * @param maximumAge how long an asynchronous event may wait for its run, 60 s to 6 hours; a run
 *     that failed is not repeated
 * @param concurrency the most runs at once, within the account's bound (reserved concurrency)
 */
public record FunctionSettings(Duration timeout, Duration maximumAge, int concurrency) {
  /** The bound of an account, which all functions share. */
  public static final int ACCOUNT = 1_000;

  /** The job function's, which terraform deploys: an event is worth nothing after a minute. */
  public static final FunctionSettings STREAMER =
      new FunctionSettings(Duration.ofMinutes(15), Duration.ofSeconds(60), ACCOUNT);

  /** The stream function's, which terraform deploys; nobody invokes it asynchronously. */
  public static final FunctionSettings STREAM =
      new FunctionSettings(Duration.ofSeconds(60), Duration.ofSeconds(60), ACCOUNT);

  /** The same, but for the most runs at once. */
  public FunctionSettings concurrency(int most) {
    return new FunctionSettings(timeout, maximumAge, most);
  }
}
