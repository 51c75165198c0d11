package io.streamer.shared.payload;

/**
 * A value that JSON cannot carry, or that could not be read again from it: whoever made it will
 * make it again, so nothing that it ends is worth another attempt.
 */
public final class Unwritable extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public Unwritable(String message) {
    super(message);
  }

  public Unwritable(String message, Throwable cause) {
    super(message, cause);
  }
}
