package io.streamer.handler;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A handler's own "no". Its message goes to the client as it stands, up to 1000 characters, so it
 * must not carry internals. Whatever it is made with, it is made: a reason that is out of its
 * pattern is changed to fit, and a wait to its bounds.
 */
public final class Failure extends RuntimeException {
  private static final Pattern NO_REASON = Pattern.compile("[^A-Z0-9_]");
  private static final int LONGEST_REASON = 64;
  private static final Duration LONGEST = Duration.ofDays(1);

  /** What becomes of the request. */
  public enum Kind {
    /** Final: {@code PROCESSING_FAILED}. */
    REFUSED,
    /** The caller may not do this: {@code FORBIDDEN}, final. */
    FORBIDDEN,
    /** Tried again while attempts are left: {@code PROCESSING_FAILED} after the last. */
    TRY_AGAIN
  }

  private final Kind kind;
  private final String reason;
  private final @Nullable Duration after;

  private Failure(Kind kind, String reason, String message, @Nullable Duration after) {
    super(message);
    this.kind = kind;
    this.reason = fitting(reason);
    this.after = after;
  }

  /** A "no" with a wrong word for it is a "no" all the same. */
  private static String fitting(@Nullable String reason) {
    if (reason == null || reason.isEmpty()) {
      return "UNSPECIFIED";
    }
    var upper = NO_REASON.matcher(reason.toUpperCase(Locale.ROOT)).replaceAll("_");
    return upper.substring(0, Math.min(LONGEST_REASON, upper.length()));
  }

  /**
   * The request cannot be fulfilled, now or later.
   *
   * @param reason {@code [A-Z0-9_]{1,64}}: goes out as {@code details.reason}; other characters
   *     become {@code _}
   */
  public static Failure refused(String reason, String message) {
    return new Failure(Kind.REFUSED, reason, message, null);
  }

  /** The caller may not do this; goes out as {@code FORBIDDEN}. */
  public static Failure forbidden(String message) {
    return new Failure(Kind.FORBIDDEN, "FORBIDDEN", message, null);
  }

  /**
   * It did not work this time and may the next.
   *
   * @param reason {@code [A-Z0-9_]{1,64}}: goes out as {@code details.reason}; other characters
   *     become {@code _}
   */
  public static Failure tryAgain(String reason, String message) {
    return new Failure(Kind.TRY_AGAIN, reason, message, null);
  }

  /**
   * It did not work this time and may after a while, as when somebody else says when to come back.
   *
   * @param reason {@code [A-Z0-9_]{1,64}}: goes out as {@code details.reason}; other characters
   *     become {@code _}
   * @param after how long to wait at least, whatever the action's {@link Action#retry} says; what
   *     is longer than a day counts as a day
   */
  public static Failure tryAgain(String reason, String message, Duration after) {
    var cut = after.compareTo(LONGEST) > 0 ? LONGEST : after;
    return new Failure(Kind.TRY_AGAIN, reason, message, cut.isNegative() ? Duration.ZERO : cut);
  }

  /** What becomes of the request. */
  public Kind kind() {
    return kind;
  }

  /** The word for it that goes out as {@code details.reason}. */
  public String reason() {
    return reason;
  }

  /** How long to wait at least before the next attempt, if the failure says so. */
  public Optional<Duration> after() {
    return Optional.ofNullable(after);
  }

  /** The message for the client. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
