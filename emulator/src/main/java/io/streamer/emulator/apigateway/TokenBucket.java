package io.streamer.emulator.apigateway;

import io.streamer.emulator.aws.Timekeeper;

/** A rate with a burst, as API Gateway's throttling is described. Owned by one event loop. */
final class TokenBucket {
  private final Timekeeper clock;
  private final double perMilli;
  private final double burst;
  private double tokens;
  private long filledAt;

  TokenBucket(Timekeeper clock, int perSecond, int burst) {
    this.clock = clock;
    this.perMilli = perSecond / 1_000.0;
    this.burst = burst;
    this.tokens = burst;
    this.filledAt = clock.now().toEpochMilli();
  }

  /** Takes one token; false if there is none. */
  boolean take() {
    long now = clock.now().toEpochMilli();
    tokens = Math.min(burst, tokens + Math.max(0, now - filledAt) * perMilli);
    filledAt = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
