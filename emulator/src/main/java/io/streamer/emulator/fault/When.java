package io.streamer.emulator.fault;

import java.time.Duration;
import java.util.Optional;

/**
 * Which of the occasions that a rule concerns it takes; all conditions must hold.
 *
 * @param chance of each, 0 to 1
 * @param every the n-th, the 2n-th and so on; 1 for all
 * @param nth this one alone, counted from 1; 0 for any
 * @param times at most so often; {@link Integer#MAX_VALUE} for no bound
 * @param after the time from the plan's start to the first occasion that counts
 * @param length how long occasions count from then on
 */
public record When(
    double chance, int every, int nth, int times, Duration after, Optional<Duration> length) {
  static final Duration LONGEST = Duration.ofDays(365);

  /** Each occasion. */
  public static final When ALWAYS =
      new When(1, 1, 0, Integer.MAX_VALUE, Duration.ZERO, Optional.empty());

  public When {
    require(chance >= 0 && chance <= 1, "chance is 0 to 1");
    require(every >= 1, "every is 1 or more");
    require(nth >= 0, "nth is 1 or more");
    require(times >= 1, "times is 1 or more");
    require(!after.isNegative(), "after is no time of the past");
    require(after.compareTo(LONGEST) <= 0, "after is at most 365d");
    require(
        length.map(it -> it.isPositive() && it.compareTo(LONGEST) <= 0).orElse(true),
        "for is above zero, and at most 365d");
  }

  /** Each with this chance, 0 to 1. */
  public static When chance(double chance) {
    return new When(chance, 1, 0, Integer.MAX_VALUE, Duration.ZERO, Optional.empty());
  }

  /** The n-th, the 2n-th and so on. */
  public static When every(int n) {
    return new When(1, n, 0, Integer.MAX_VALUE, Duration.ZERO, Optional.empty());
  }

  /** The n-th alone, counted from 1. */
  public static When nth(int n) {
    return new When(1, 1, n, Integer.MAX_VALUE, Duration.ZERO, Optional.empty());
  }

  /** The first {@code count} alone. */
  public static When first(int count) {
    return ALWAYS.atMost(count);
  }

  /** The same, at most so often. */
  public When atMost(int count) {
    return new When(chance, every, nth, count, after, length);
  }

  /** The same within a window of time; occasions outside of it do not count. */
  public When within(Duration start, Duration lasting) {
    return new When(chance, every, nth, times, start, Optional.of(lasting));
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
