package io.streamer.shared.table;

/**
 * The tables will never do what was asked: they are not there, the credentials may not, or the
 * request itself is wrong. The same call fails again.
 */
public final class StoreRequestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StoreRequestException(String message) {
    super(message);
  }
}
