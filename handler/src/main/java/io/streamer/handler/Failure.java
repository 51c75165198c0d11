package io.streamer.handler;

import java.util.regex.Pattern;

/**
 * A handler's own "no". Its message goes to the client as it stands, so it must not carry
 * internals.
 */
public final class Failure extends RuntimeException {
  private static final Pattern REASON = Pattern.compile("[A-Z0-9_]{1,64}");

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

  private Failure(Kind kind, String reason, String message) {
    super(message);
    if (!REASON.matcher(reason).matches()) {
      throw new IllegalArgumentException("a reason is " + REASON.pattern() + ", not " + reason);
    }
    this.kind = kind;
    this.reason = reason;
  }

  /**
   * The request cannot be fulfilled, now or later.
   *
   * @param reason {@code [A-Z0-9_]{1,64}}: goes out as {@code details.reason}
   */
  public static Failure refused(String reason, String message) {
    return new Failure(Kind.REFUSED, reason, message);
  }

  /** The caller may not do this; goes out as {@code FORBIDDEN}. */
  public static Failure forbidden(String message) {
    return new Failure(Kind.FORBIDDEN, "FORBIDDEN", message);
  }

  /**
   * It did not work this time and may the next.
   *
   * @param reason {@code [A-Z0-9_]{1,64}}: goes out as {@code details.reason}
   */
  public static Failure tryAgain(String reason, String message) {
    return new Failure(Kind.TRY_AGAIN, reason, message);
  }

  public Kind kind() {
    return kind;
  }

  public String reason() {
    return reason;
  }

  /** The message for the client. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
