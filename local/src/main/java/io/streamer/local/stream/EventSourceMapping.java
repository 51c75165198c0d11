package io.streamer.local.stream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a stream is brought to a function; the bounds are those of Lambda's CreateEventSourceMapping.
 *
 * @param batchSize records of one invocation, 1 to 10,000; 6 MB are a bound too
 * @param window how long a batch that is not full waits for more, 0 to 300 s
 * @param parallelization batches of one shard under way at once, 1 to 10; above 1, order holds for
 *     each item alone
 * @param bisect whether a batch that fails is split in two
 * @param retries repeats after a function error, 0 to 10,000; -1 repeats until the records expire
 * @param maximumAge 60 s to 7 days; older records are given up. Without it the stream's 24 hours
 *     hold
 * @param reportFailures whether the function's answer names the records it could not handle
 * @param filters a record is given if one of them matches, or there is none; at most 5
 */
public record EventSourceMapping(
    int batchSize,
    Duration window,
    int parallelization,
    boolean bisect,
    int retries,
    Optional<Duration> maximumAge,
    StartingPosition start,
    boolean reportFailures,
    List<FilterPattern> filters) {
  /** Where reading begins in shards that are there when the pump starts. */
  public enum StartingPosition {
    /** With the oldest record there is. */
    TRIM_HORIZON,
    /** With the first record written after the start. */
    LATEST
  }

  /**
   * Streamer's own, which terraform deploys: records that ask for a worker's start. What waits for
   * longer than the age was started again meanwhile, by whoever looks after due jobs.
   */
  public static final EventSourceMapping STREAMER =
      new EventSourceMapping(
          25,
          Duration.ZERO,
          10,
          true,
          10,
          Optional.of(Duration.ofMinutes(10)),
          StartingPosition.TRIM_HORIZON,
          true,
          List.of(
              FilterPattern.parse("{\"dynamodb\":{\"NewImage\":{\"start\":{\"S\":[\"1\"]}}}}")));

  /** Refuses what Lambda refuses, by an IllegalArgumentException that names the parameter. */
  public EventSourceMapping {
    filters = List.copyOf(filters);
    within("BatchSize", batchSize, 1, 10_000);
    within("MaximumBatchingWindowInSeconds", window.toSeconds(), 0, 300);
    within("ParallelizationFactor", parallelization, 1, 10);
    within("MaximumRetryAttempts", retries, -1, 10_000);
    maximumAge.ifPresent(age -> within("MaximumRecordAgeInSeconds", age.toSeconds(), 60, 604_800));
    within("FilterCriteria.Filters", filters.size(), 0, 5);
  }

  private static void within(String parameter, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          parameter + " is " + value + ", must be " + least + " to " + most);
    }
  }

  /** The same with other bounds of a batch. */
  public EventSourceMapping batches(int size, Duration longestWait) {
    return new EventSourceMapping(
        size,
        longestWait,
        parallelization,
        bisect,
        retries,
        maximumAge,
        start,
        reportFailures,
        filters);
  }

  /** The same with so many batches of a shard at once. */
  public EventSourceMapping parallel(int factor) {
    return new EventSourceMapping(
        batchSize, window, factor, bisect, retries, maximumAge, start, reportFailures, filters);
  }

  /** The same with other answers to a function error. */
  public EventSourceMapping onError(boolean split, int repeats, Optional<Duration> age) {
    return new EventSourceMapping(
        batchSize, window, parallelization, split, repeats, age, start, reportFailures, filters);
  }

  /** The same from another place. */
  public EventSourceMapping from(StartingPosition position) {
    return new EventSourceMapping(
        batchSize,
        window,
        parallelization,
        bisect,
        retries,
        maximumAge,
        position,
        reportFailures,
        filters);
  }

  /** The same, where the function's answer says nothing about single records. */
  public EventSourceMapping withoutReports() {
    return new EventSourceMapping(
        batchSize, window, parallelization, bisect, retries, maximumAge, start, false, filters);
  }

  /** The same with other filters. */
  public EventSourceMapping filtered(List<FilterPattern> others) {
    return new EventSourceMapping(
        batchSize,
        window,
        parallelization,
        bisect,
        retries,
        maximumAge,
        start,
        reportFailures,
        others);
  }
}
