package io.streamer.shared.protocol;

import io.streamer.handler.RawJson;
import java.util.Map;
import java.util.Set;
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
      @Nullable String traceparent,
      Options options)
      implements ClientFrame {}

  /**
   * How a request's job is to be treated; a request that is answered on the spot has no use for
   * them.
   *
   * @param priority 0 to 9; 0 unless said
   * @param delayMs from acceptance to the earliest start
   * @param deadlineMs from acceptance to the end, wherever the job stands then; {@code null}: none
   * @param cancelOnDisconnect whether the job is cancelled once its owner has been away for a while
   */
  record Options(
      int priority, long delayMs, @Nullable Long deadlineMs, boolean cancelOnDisconnect) {
    /** What a request without options wants. */
    public static final Options NONE = new Options(0, 0, null, false);
  }

  /** Asks for a job to stop: named as in {@link Status}. */
  record Cancel(@Nullable String id, @Nullable String jobId, @Nullable String requestId)
      implements ClientFrame {}

  /** The kinds of a job's frames. */
  enum Kind {
    PROGRESS,
    /** Events and rewinds. */
    EVENT,
    TERMINAL
  }

  /**
   * Asks for a job's frames: named as in {@link Status}.
   *
   * @param frames at least one
   * @param afterSeq events up to this number are not sent again; {@code null}: all are
   */
  record Subscribe(
      @Nullable String id,
      @Nullable String jobId,
      @Nullable String requestId,
      Set<Kind> frames,
      @Nullable Long afterSeq)
      implements ClientFrame {
    public Subscribe {
      frames = Set.copyOf(frames);
    }
  }

  /** Asks for no more of a job's frames: named as in {@link Status}. */
  record Unsubscribe(@Nullable String id, @Nullable String jobId, @Nullable String requestId)
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
