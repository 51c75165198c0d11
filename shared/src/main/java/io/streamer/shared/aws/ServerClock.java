package io.streamer.shared.aws;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * What time it is where requests go: this machine's, until the service says that it is far off.
 * Safe for all threads.
 */
public final class ServerClock {
  /** The service takes what was signed up to five minutes ago. */
  private static final Duration OFF = Duration.ofMinutes(4);

  private final Clock machine;
  private volatile Clock corrected;

  public ServerClock(Clock machine) {
    this.machine = machine;
    this.corrected = machine;
  }

  /** The time to sign for. */
  public Clock now() {
    return corrected;
  }

  /**
   * Follows the service's clock.
   *
   * @param date as a header has it
   * @return whether it was far from what is signed for
   */
  public boolean follow(@Nullable String date) {
    if (date == null) {
      return false;
    }
    Instant there;
    try {
      there = DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
    } catch (DateTimeException _) {
      return false;
    }
    if (Duration.between(corrected.instant(), there).abs().compareTo(OFF) <= 0) {
      return false;
    }
    corrected = Clock.offset(machine, Duration.between(machine.instant(), there));
    return true;
  }
}
