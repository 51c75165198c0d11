package io.streamer.emulator.fault;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/** A rule at work: what it has seen and done. Not for several threads at once. */
final class ArmedRule {
  /** The golden ratio: neighbouring rules get unlike generators. */
  private static final long APART = 0x9E3779B97F4A7C15L;

  private final FaultRule rule;
  private final Instant since;
  private final SplittableRandom random;
  private int met;
  private int done;
  private Instant pausedUntil = Instant.MIN;

  /**
   * Begins.
   *
   * @param index of the rule in its plan
   */
  ArmedRule(FaultRule rule, long seed, int index, Instant since) {
    this.rule = rule;
    this.since = since;
    this.random = new SplittableRandom(seed + APART * index);
  }

  FaultRule rule() {
    return rule;
  }

  /** Counts an occasion; whether the rule takes it. */
  boolean meets(Instant now) {
    var when = rule.when();
    var start = since.plus(when.after());
    if (now.isBefore(start)
        || when.length().map(length -> !now.isBefore(start.plus(length))).orElse(false)) {
      return false;
    }
    met++;
    // drawn each time, so that the n-th draw belongs to the n-th occasion
    var drawn = random.nextDouble() < when.chance();
    return drawn
        && met % when.every() == 0
        && (when.nth() == 0 || met == when.nth())
        && done < when.times();
  }

  /** The occasion was taken. */
  void take(Instant now) {
    done++;
    if (rule.then() instanceof Fault.Pause(var time)) {
      pausedUntil = now.plus(time);
    }
  }

  /** How long a pause it began still lasts; zero or less if none does. */
  Duration paused(Instant now) {
    return pausedUntil.equals(Instant.MIN) ? Duration.ZERO : Duration.between(now, pausedUntil);
  }
}
