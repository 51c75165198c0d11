package io.streamer.gateway.signal;

import io.micrometer.core.instrument.Counter;
import io.streamer.shared.signal.Metric;

/** Counts how handshakes end, at whichever door. */
public final class HandshakeSignals {
  private static final int SERVERS_FAULT = 500;

  private final Counter opened;
  private final Counter refused;
  private final Counter unavailable;

  public HandshakeSignals(Meters meters) {
    this.opened = meters.counter(Metric.HANDSHAKES, "opened");
    this.refused = meters.counter(Metric.HANDSHAKES, "refused");
    this.unavailable = meters.counter(Metric.HANDSHAKES, "unavailable");
  }

  public void opened() {
    opened.increment();
  }

  /**
   * A handshake was turned away.
   *
   * @param status what it was answered
   */
  public void refused(int status) {
    (status < SERVERS_FAULT ? refused : unavailable).increment();
  }
}
