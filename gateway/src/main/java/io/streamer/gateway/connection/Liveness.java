package io.streamer.gateway.connection;

/** How alive a connection is. */
public enum Liveness {
  /** It is open and used. */
  CONNECTED,
  /** It is open; no frame went either way for two heartbeats. */
  IDLE,
  /** Nothing is heard of it any more: it is about to be closed, or whoever holds it is away. */
  STALE,
  /** It is not there. */
  CLOSED;

  /**
   * The state of an open socket. Times are milliseconds from whatever moment.
   *
   * @param activeAt when a frame last went either way
   * @param heardAt when the client last gave a sign of life, as it should with each heartbeat
   */
  static Liveness of(long now, long activeAt, long heardAt, long heartbeatMs) {
    if (now - heardAt > heartbeatMs * 3 / 2) {
      return STALE;
    }
    return now - activeAt > 2 * heartbeatMs ? IDLE : CONNECTED;
  }
}
