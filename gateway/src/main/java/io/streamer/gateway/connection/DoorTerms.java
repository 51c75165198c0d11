package io.streamer.gateway.connection;

import io.streamer.handler.RawJson;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import java.util.Optional;
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

  /** The frame around a result is smaller than this. */
  private static final int ENVELOPE_BYTES = 1_024;

  /** What is wrong with a result that is too large for a frame. */
  public Optional<Problem> tooLarge(RawJson result) {
    return result.utf8().length > maxMessageBytes - ENVELOPE_BYTES
        ? Optional.of(
            Problem.of(ErrorCode.PAYLOAD_TOO_LARGE, "the reply is over max_message_bytes"))
        : Optional.empty();
  }
}
