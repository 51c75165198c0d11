package io.streamer.gateway.connection;

import org.jspecify.annotations.Nullable;

/**
 * A door's terms, as a {@code welcome} tells them.
 *
 * @param maxAgeMs before which a client should have made its next connection
 * @param maxFrameBytes of a WebSocket frame; null if one may hold the largest message
 */
public record DoorTerms(
    long heartbeatMs,
    long maxAgeMs,
    int maxMessageBytes,
    @Nullable Integer maxFrameBytes,
    String server) {
  /**
   * API Gateway ends every connection after two hours (its quotas page). The direct door asks for
   * the same and ends none: so clients have one rule, and new tasks get their share of sockets.
   */
  public static final long MAX_AGE_MS = 7_200_000;
}
