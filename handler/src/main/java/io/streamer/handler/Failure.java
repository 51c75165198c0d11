package io.streamer.handler;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A handler's own "no". Its message goes to the client as it stands, so it must not carry
 * internals.
 */
public final class Failure extends RuntimeException {
  private static final Pattern REASON = Pattern.compile("[A-Z0-9_]{1,64}");
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
    if (!REASON.matcher(reason).matches()) {
      throw new IllegalArgumentException("a reason is " + REASON.pattern() + ", not " + reason);
    }
    this.kind = kind;
    this.reason = reason;
    this.after = after;
  }

  /**
   * The request cannot be fulfilled, now or later.
   *
   * @param reason {@code [A-Z0-9_]{1,64}}: goes out as {@code details.reason}
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
   * @param reason {@code [A-Z0-9_]{1,64}}: goes out as {@code details.reason}
   */
  public static Failure tryAgain(String reason, String message) {
    return new Failure(Kind.TRY_AGAIN, reason, message, null);
  }

  /**
   * It did not work this time and may after a while, as when somebody else says when to come back.
   *
   * @param reason {@code [A-Z0-9_]{1,64}}: goes out as {@code details.reason}
   * @param after how long to wait at least, whatever the action's {@link Action#retry} says; at
   *     most a day
   * @throws IllegalArgumentException if it is negative or more than a day
   */
  public static Failure tryAgain(String reason, String message, Duration after) {
    if (after.isNegative() || after.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("try again after 0 s to 1 day, not " + after);
    }
    return new Failure(Kind.TRY_AGAIN, reason, message, after);
  }

  public Kind kind() {
    return kind;
  }

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
