package io.streamer.gateway.connection;

import java.time.InstantSource;

/** When a socket was used, and when its client was heard; safe for all threads. */
final class Pulse {
  private final InstantSource clock;
  private final long heartbeatMs;
  private final long startedAt;
  private volatile long heardAt;
  private volatile long usedAt;
  private volatile ConnectionState noted = ConnectionState.CONNECTED;

  Pulse(InstantSource clock, long heartbeatMs) {
    this.clock = clock;
    this.heartbeatMs = heartbeatMs;
    this.startedAt = clock.millis();
    this.heardAt = startedAt;
    this.usedAt = startedAt;
  }

  /** The client gave a sign of life. */
  void heard() {
    heardAt = clock.millis();
  }

  /** A frame goes one way or the other. */
  void used() {
    usedAt = clock.millis();
  }

  long startedAt() {
    return startedAt;
  }

  /** When a frame last went either way; epoch milliseconds. */
  long usedAt() {
    return usedAt;
  }

  /** When the client last gave a sign of life; epoch milliseconds. */
  long heardAt() {
    return heardAt;
  }

  ConnectionState state() {
    return ConnectionState.of(clock.millis(), usedAt, heardAt, heartbeatMs);
  }

  /** Notes a state; whether it is another one than before. */
  boolean turned(ConnectionState to) {
    var from = noted;
    noted = to;
    return from != to;
  }
}
