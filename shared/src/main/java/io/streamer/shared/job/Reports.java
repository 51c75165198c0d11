package io.streamer.shared.job;

import io.streamer.shared.protocol.WireText;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Conflates what one attempt reports: the newest is sent, not faster than the throttle, and kept
 * rarely. Time is passed in, in milliseconds of any one clock. Not safe for use by several threads
 * at once.
 */
public final class Reports {
  private static final int MESSAGE_CHARS = 200;
  private static final long KEEP_EVERY_MS = 3_000;
  private static final long SILENCE_MS = 1_000;
  private static final long NEVER = Long.MAX_VALUE;

  /**
   * What a run said of itself.
   *
   * @param percentage 0 to 100; 100 only with the end
   */
  public record Report(double percentage, String message) {}

  private final long sendEveryMs;
  private Report newest;
  private @Nullable Report sent;
  private @Nullable Report kept;
  private long sentAt;
  private long keptAt;
  private long reportedAt;
  private boolean reported;
  private @Nullable String heldMessage;

  /**
   * Starts an attempt.
   *
   * @param perSecond the most reports to send in a second, 1 to 100
   */
  public Reports(int perSecond) {
    this(perSecond, new Report(0, ""));
  }

  /**
   * Goes on with an attempt.
   *
   * @param from where it was seen last: it falls behind that no more
   */
  public Reports(int perSecond, Report from) {
    if (perSecond < 1 || perSecond > 100) {
      throw new IllegalArgumentException("1 to 100 reports a second, not " + perSecond);
    }
    // a little more than its share, so that no second holds one too many, its bounds included
    sendEveryMs = 1_000L / perSecond + 1;
    newest = from;
  }

  /**
   * Takes a report. A percentage below an earlier one counts as that one, one out of range as the
   * nearest bound. From 100 on nothing more is sent before the end: only the message is held.
   *
   * @throws IllegalArgumentException if percentage is not a number
   */
  public void report(double percentage, String message, long nowMs) {
    if (Double.isNaN(percentage)) {
      throw new IllegalArgumentException("a percentage is a number");
    }
    var text = WireText.cut(message, MESSAGE_CHARS);
    if (percentage >= 100 || heldMessage != null) {
      heldMessage = text;
      return;
    }
    newest = new Report(Math.max(percentage, newest.percentage()), text);
    reportedAt = nowMs;
    reported = true;
  }

  /** The newest report, if it is new and the throttle lets it go now; it then counts as sent. */
  public Optional<Report> toSend(long nowMs) {
    var due = nextSendAt();
    if (due == NEVER || nowMs < due) {
      return Optional.empty();
    }
    sent = newest;
    sentAt = nowMs;
    return Optional.of(newest);
  }

  /** When {@link #toSend} will have something; {@link Long#MAX_VALUE} if nothing is new. */
  public long nextSendAt() {
    if (!reported || newest.equals(sent)) {
      return NEVER;
    }
    return sent == null ? reportedAt : sentAt + sendEveryMs;
  }

  /**
   * Whether the newest report is to be stored now; it then counts as kept. The first at once, then
   * a newer one every 3 s, or after 1 s of silence.
   */
  public boolean toKeep(long nowMs) {
    var due = nextKeepAt();
    if (due == NEVER || nowMs < due) {
      return false;
    }
    kept = newest;
    keptAt = nowMs;
    return true;
  }

  /** When {@link #toKeep} will say yes; {@link Long#MAX_VALUE} if nothing is new. */
  public long nextKeepAt() {
    if (!reported || newest.equals(kept)) {
      return NEVER;
    }
    return kept == null ? reportedAt : Math.min(keptAt + KEEP_EVERY_MS, reportedAt + SILENCE_MS);
  }

  /** The newest report below 100; before the first, where the attempt began. */
  public Report newest() {
    return newest;
  }

  /** What a success ends with: 100 and the newest message, a held one included. */
  public Report end() {
    return new Report(100, heldMessage == null ? newest.message() : heldMessage);
  }
}
