package io.streamer.handler;

/**
 * Thrown by a request record's compact constructor: a field's value breaks a rule of its own. The
 * client gets {@code VALIDATION_ERROR} with a pointer to the field, before anything is accepted.
 */
public final class Invalid extends RuntimeException {
  private final String field;

  /**
   * @param field the record component's name, or a path below it with slashes ({@code items/3/id});
   *     empty for the record itself
   * @param message what is wrong, for the client: {@code "is before from"}
   */
  public Invalid(String field, String message) {
    super(message);
    this.field = field;
  }

  /** The component's name, or the path below it; empty for the record itself. */
  public String field() {
    return field;
  }

  /** What is wrong, for the client. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
