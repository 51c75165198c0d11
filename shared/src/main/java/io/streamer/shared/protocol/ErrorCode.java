package io.streamer.shared.protocol;

/** Every code an {@code error} frame can carry. */
public enum ErrorCode {
  VALIDATION_ERROR(
      false, "the frame or its payload breaks a rule; details.fields names each field"),
  INVALID_ACTION(false, "no handler for the action"),
  UNAUTHORIZED(false, "the token is missing or expired"),
  FORBIDDEN(false, "a permission is missing"),
  NOT_FOUND(false, "no such job or channel for this tenant"),
  DUPLICATE_REQUEST(false, "the id was used before with another action or payload"),
  RATE_LIMITED(true, "too much of one kind at once; details.limit names which"),
  QUOTA_EXCEEDED(true, "kept for later: nothing sends it yet"),
  PAYLOAD_TOO_LARGE(false, "over the action's own limit, or a reply over max_message_bytes"),
  TIMEOUT(true, "the handler was over its deadline"),
  CANCELLED(false, "cancelled by user, admin or policy"),
  PROCESSING_FAILED(false, "the handler refused, or the last attempt failed; details.reason"),
  SERVICE_UNAVAILABLE(
      true,
      "a dependency is down, or all places are taken; retry_after_ms."
          + " Where details.may_have_started is true, repeat with the same id: a job may be stored"),
  INTERNAL_ERROR(true, "our fault; details.error_id finds the log line");

  private final boolean retryable;
  private final String meaning;

  ErrorCode(boolean retryable, String meaning) {
    this.retryable = retryable;
    this.meaning = meaning;
  }

  /** Whether the same request may succeed later. */
  public boolean retryable() {
    return retryable;
  }

  /** When the code is sent, for the reference page. */
  public String meaning() {
    return meaning;
  }
}
