package io.streamer.shared.protocol;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code error} frame says under {@code error}, and what a failed job stores.
 *
 * @param message for the client: no internals
 * @param fields the fields that break a rule, sent as {@code details.fields}
 * @param details further entries of {@code details}, such as {@code reason} or {@code error_id}
 */
public record Problem(
    ErrorCode code,
    String message,
    List<FieldError> fields,
    Map<String, String> details,
    @Nullable Long retryAfterMs) {
  /** The one entry of {@code details} that is no text. */
  static final String MAY_HAVE_STARTED = "may_have_started";

  public Problem {
    fields = List.copyOf(fields);
    details = Map.copyOf(details);
  }

  public static Problem of(ErrorCode code, String message) {
    return new Problem(code, message, List.of(), Map.of(), null);
  }

  public static Problem invalid(List<FieldError> fields) {
    return new Problem(ErrorCode.VALIDATION_ERROR, summary(fields), fields, Map.of(), null);
  }

  public static Problem invalid(String pointer, String message) {
    return invalid(List.of(new FieldError(pointer, message)));
  }

  /**
   * A failure that was not meant for the client.
   *
   * @param errorId by which it stands in the log
   */
  public static Problem ours(String errorId) {
    return of(ErrorCode.INTERNAL_ERROR, "something went wrong on our side")
        .with("error_id", errorId);
  }

  public static Problem comeBack(ErrorCode code, String message, long afterMs) {
    return new Problem(code, message, List.of(), Map.of(), afterMs);
  }

  /** The same problem of a request which may have been stored as a job all the same. */
  public Problem mayHaveStarted() {
    return with(MAY_HAVE_STARTED, "true");
  }

  /** The same problem with an entry more in {@code details}. */
  public Problem with(String key, String value) {
    var more = new java.util.TreeMap<>(details);
    more.put(key, value);
    return new Problem(code, message, fields, more, retryAfterMs);
  }

  /** In a line, for whoever runs the task: code, the handler's reason, and the words. */
  public String line() {
    var reason = details.get("reason");
    return code + (reason == null ? "" : " " + reason) + ": " + message;
  }

  private static String summary(List<FieldError> fields) {
    var first = fields.getFirst();
    var where = first.pointer().isEmpty() ? "the frame" : first.pointer();
    return where + " " + first.message();
  }
}
