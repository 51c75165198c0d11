package io.streamer.shared.payload;

import io.streamer.shared.protocol.FieldError;
import java.util.List;

/** A payload that does not fit its type: an answer for the client, not an accident. */
public final class InvalidPayload extends Exception {
  private final transient List<FieldError> fields;

  /**
   * @param fields at least one, with pointers relative to the payload
   */
  public InvalidPayload(List<FieldError> fields) {
    // no stack trace: it tells nothing about the client's mistake and costs more than the binding
    super(summary(fields), null, false, false);
    this.fields = List.copyOf(fields);
  }

  /** What is wrong, at most {@value Binder#MAX_ERRORS} fields; pointers start at the payload. */
  public List<FieldError> fields() {
    return fields;
  }

  private static String summary(List<FieldError> fields) {
    var first = fields.getFirst();
    return (first.pointer().isEmpty() ? "the payload" : first.pointer()) + " " + first.message();
  }
}
