package io.streamer.gateway.store;

import io.streamer.shared.table.StoreUnavailableException;

/** The store was not even asked: others were before it. Nothing of it was done. */
public final class NotAskedException extends StoreUnavailableException {
  private static final long serialVersionUID = 1;

  NotAskedException(String message) {
    // there may be thousands in a second
    super(message, false);
  }
}
