package io.streamer.shared.protocol;

import io.streamer.handler.RawJson;
import io.streamer.shared.protocol.ClientFrame.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Streamer says to a client. {@code requestId} is the client's own id where one is known; byte
 * arrays hold one JSON value in UTF-8 and go out as they are. {@link WireCodec} adds {@code type}
 * and {@code timestamp}.
 */
public sealed interface ServerFrame {

  /** Its place among its job's frames; empty for frames outside a job. */
  default Optional<Numbered> numbered() {
    return switch (this) {
      case Progress it -> Optional.of(new Numbered(it.jobId(), it.seq(), Kind.PROGRESS));
      case Replayed it -> Optional.of(new Numbered(it.jobId(), it.seq(), Kind.EVENT));
      case Complete it -> Optional.of(new Numbered(it.jobId(), it.seq(), Kind.TERMINAL));
      case ErrorFrame(_, var jobId, var seq, _) ->
          jobId == null || seq == null
              ? Optional.empty()
              : Optional.of(new Numbered(jobId, seq, Kind.TERMINAL));
      case Response _, Acknowledgment _, Welcome _, Pong _, Goaway _ -> Optional.empty();
    };
  }

  record Response(@Nullable String requestId, RawJson data) implements ServerFrame {}

  /**
   * The job is stored.
   *
   * @param status what the client is told: see {@link AckStatus}
   * @param snapshot of the job as it stands, with {@code duplicate} only
   */
  record Acknowledgment(
      String requestId, String jobId, AckStatus status, String message, @Nullable Snapshot snapshot)
      implements ServerFrame {}

  enum AckStatus {
    QUEUED,
    SCHEDULED,
    RUNNING,
    DUPLICATE
  }

  record Progress(
      String requestId,
      String jobId,
      long seq,
      double percentage,
      String message,
      int attempt,
      Map<String, String> metadata)
      implements ServerFrame {}

  /** A frame that is stored before it is sent, and sent again to whoever missed it. */
  sealed interface Replayed extends ServerFrame {
    String jobId();

    long seq();

    /** About how many bytes it has besides its fixed members. */
    int bytes();
  }

  /** A piece of a job's output. */
  record Event(String requestId, String jobId, long seq, String name, RawJson data)
      implements Replayed {
    @Override
    public int bytes() {
      return 4 * name.length() + data.utf8().length;
    }
  }

  /** Voids the events after a number: a run that starts again emits them anew. */
  record Rewind(String requestId, String jobId, long seq, long afterSeq) implements Replayed {
    @Override
    public int bytes() {
      return 0;
    }
  }

  record Complete(
      String requestId, String jobId, long seq, Result result, Map<String, String> metadata)
      implements ServerFrame {}

  /** A job's result as a client gets it. */
  sealed interface Result {

    /** In the frame, as {@code result}: one JSON object. */
    record Inline(RawJson json) implements Result {}

    /** Too large for a frame: {@code result_url}, where anybody who knows it can fetch it. */
    record At(String url) implements Result {}
  }

  /** A frame that failed, or, with jobId and seq, the end of a job. */
  record ErrorFrame(
      @Nullable String requestId, @Nullable String jobId, @Nullable Long seq, Problem problem)
      implements ServerFrame {

    public static ErrorFrame of(@Nullable String requestId, Problem problem) {
      return new ErrorFrame(requestId, null, null, problem);
    }
  }

  /**
   * The answer to a hello.
   *
   * @param maxFrameBytes the largest WebSocket frame that the door takes; null if one may hold the
   *     largest message
   */
  record Welcome(
      @Nullable String requestId,
      String session,
      boolean recovered,
      List<Attached> jobs,
      long heartbeatMs,
      long maxAgeMs,
      int maxMessageBytes,
      @Nullable Integer maxFrameBytes,
      String server)
      implements ServerFrame {}

  record Pong(@Nullable String requestId) implements ServerFrame {}

  record Goaway(String reason, long reconnectInMs) implements ServerFrame {}

  /**
   * What {@code hello} and {@code subscribe} bring of one job.
   *
   * @param events those that were missed, oldest first
   * @param next if there are more: they come after this number
   */
  record Attached(Snapshot snapshot, List<Replayed> events, @Nullable Long next) {
    public Attached {
      events = List.copyOf(events);
    }

    /** A job of which no event was missed. */
    public Attached(Snapshot snapshot) {
      this(snapshot, List.of(), null);
    }
  }

  /**
   * A job as it stands: the {@code data} of a status response, with the end's fields only there.
   *
   * @param status the state in lower case
   * @param createdAt epoch milliseconds
   * @param result if it succeeded and the result was asked for
   * @param error if it failed and the outcome was asked for
   */
  record Snapshot(
      String jobId,
      String requestId,
      String action,
      String status,
      double percentage,
      String message,
      long seq,
      int attempt,
      long createdAt,
      @Nullable Result result,
      @Nullable Problem error) {}
}
