package io.streamer.shared.protocol;

/**
 * One field that breaks a rule.
 *
 * @param pointer JSON pointer (RFC 6901) to the field; "" is the value itself
 * @param message what is wrong, for the client
 */
public record FieldError(String pointer, String message) {

  /** The same error seen from a value that holds this one behind a name. */
  public FieldError below(String prefix) {
    return new FieldError(prefix + pointer, message);
  }

  /** A name or index as one token of a JSON pointer. */
  public static String token(String name) {
    return "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
