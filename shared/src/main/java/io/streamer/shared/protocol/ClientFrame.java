package io.streamer.shared.protocol;

import io.streamer.handler.RawJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client says. {@code id} is the frame's own and comes back as {@code request_id}. */
public sealed interface ClientFrame {

  @Nullable String id();

  /**
   * Asks for an action.
   *
   * @param payload one JSON value, byte for byte as it came; {@code null} if the frame has none
   */
  record Request(
      @Nullable String id,
      String action,
      RawJson payload,
      Map<String, String> metadata,
      @Nullable String traceparent)
      implements ClientFrame {}

  /** Asks how a job stands: by its job id, or by the id of the caller's own request. */
  record Status(@Nullable String id, @Nullable String jobId, @Nullable String requestId)
      implements ClientFrame {}

  /**
   * Starts or resumes a session.
   *
   * @param lastSeq by job id, the highest number the client has applied
   */
  record Hello(@Nullable String id, Map<String, Long> lastSeq) implements ClientFrame {}

  record Ping(@Nullable String id) implements ClientFrame {}

  /** Taken and ignored: older clients send it. */
  record Pong(@Nullable String id) implements ClientFrame {}
}
