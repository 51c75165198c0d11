package io.streamer.emulator.lambda;

import java.time.Duration;

/**
 * How a function is run.
 *
 * @param timeout the longest run, at most 15 minutes
 * @param maximumAge how long an asynchronous event may wait for its run, 60 s to 6 hours; a run
 *     that failed is not repeated
 */
public record FunctionSettings(Duration timeout, Duration maximumAge) {
  /** The job function's, which terraform deploys: an event is worth nothing after a minute. */
  public static final FunctionSettings STREAMER =
      new FunctionSettings(Duration.ofMinutes(15), Duration.ofSeconds(60));

  /** The stream function's, which terraform deploys; nobody invokes it asynchronously. */
  public static final FunctionSettings STREAM =
      new FunctionSettings(Duration.ofSeconds(60), Duration.ofSeconds(60));
}
