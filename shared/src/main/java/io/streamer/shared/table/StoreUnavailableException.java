package io.streamer.shared.table;

/** The tables could not be reached, or would not take more now. The same call may work later. */
public class StoreUnavailableException extends RuntimeException {
  public StoreUnavailableException(String message) {
    super(message);
  }

  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  /** One whose place in the code tells nothing. */
  protected StoreUnavailableException(String message, boolean traced) {
    super(message, null, false, traced);
  }
}
