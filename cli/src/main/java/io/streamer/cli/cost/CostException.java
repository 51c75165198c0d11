package io.streamer.cli.cost;

/** A workload or a price table that cannot be used; the message says why. */
public final class CostException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CostException(String message) {
    super(message);
  }
}
