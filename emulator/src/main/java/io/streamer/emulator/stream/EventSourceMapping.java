package io.streamer.emulator.stream;

import java.time.Duration;

/**
 * How a stream is brought to a function: from its oldest record, without waiting for a batch to
 * fill; a batch that fails is split, and the function's answer names the records it could not
 * handle.
 *
 * @param batchSize records of one invocation; 6 MB are a bound too
 * @param parallelization batches of one shard under way at once; above 1, order holds for each item
 *     alone
 * @param retries repeats after a function error
 * @param maximumAge older records are given up; at most the 24 hours for which a stream keeps them
 * @param filter what it does not match is not given
 */
public record EventSourceMapping(
    int batchSize, int parallelization, int retries, Duration maximumAge, Filter filter) {
  /**
   * Streamer's own, which terraform deploys: records that ask for a worker's start. What waits for
   * longer than the age was started again meanwhile, by whoever looks after due jobs.
   */
  public static final EventSourceMapping STREAMER =
      new EventSourceMapping(
          25,
          10,
          10,
          Duration.ofMinutes(10),
          new Filter("{\"dynamodb\":{\"NewImage\":{\"start\":{\"S\":[\"1\"]}}}}"));
}
