package io.streamer.shared.job;

import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.log.About;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame;
import java.util.Map;
import java.util.Optional;

/**
 * A job as its row says. Times are epoch milliseconds unless said otherwise.
 *
 * @param run fresh at every submit: an id used again after its job is gone never meets old data
 * @param caller tenant and user; its permissions stand in the {@link RunInput}
 * @param hash see {@link JobId#hash}
 * @param traceparent of the span that accepted it, as W3C Trace Context writes it
 * @param epoch names who holds the job: every writer names the one it holds, and every take-over
 *     counts it up
 * @param attempt from 1; only a failure or a lost lease counts it up
 * @param claim the last writer's nonce, or empty
 * @param leaseUntil 0 if nobody holds it
 * @param seq the highest frame number that a write knows of; with the end, the terminal frame's
 * @param eventSeq the number of the last stored event, 0 if there is none
 * @param annotations the run's own entries for its frames' metadata
 * @param error of a job that failed
 * @param dueAt when to look after it; empty once its terminal frame was delivered, and what its
 *     watchers left was taken away
 * @param expiresAt epoch seconds; 0 before its end
 * @param content if it stands in the row
 * @param result if it stands in the row
 * @param resultRef where the result stands beside the row: a part of the job's data, or a key of
 *     the object store
 */
public record Job(
    JobId id,
    String run,
    Caller caller,
    String requestId,
    String action,
    String hash,
    Optional<String> traceparent,
    long createdAt,
    JobTerms terms,
    JobStatus status,
    long epoch,
    int attempt,
    String claim,
    long leaseUntil,
    double percentage,
    String message,
    long seq,
    long eventSeq,
    Optional<Route> route,
    Map<String, String> annotations,
    Optional<Problem> error,
    Optional<Long> dueAt,
    Marks marks,
    long expiresAt,
    Optional<RunInput> content,
    Optional<RawJson> result,
    Optional<String> resultRef) {
  /** Frame numbers that one epoch has to give. */
  private static final long EPOCH_SPAN = 1_000_000_000L;

  public Job {
    annotations = Map.copyOf(annotations);
  }

  /** What a line of the log says of it. */
  public About about() {
    return About.jobOf(id.value()).tenant(caller.tenant()).request(requestId).action(action);
  }

  /** The key under which a user's jobs are listed: {@code tenant#user}. */
  public String owner() {
    return owner(caller.tenant(), caller.user());
  }

  /** The key under which this user's jobs are listed. */
  public static String owner(String tenant, String user) {
    return keyPart(tenant) + "#" + keyPart(user);
  }

  /** A part of a composite key: {@code %} and {@code #} percent-encoded. */
  public static String keyPart(String text) {
    return text.replace("%", "%25").replace("#", "%23");
  }

  /** What {@link #keyPart} was made of. */
  public static String nameOf(String keyPart) {
    return keyPart.replace("%23", "#").replace("%25", "%");
  }

  /** The number before the first frame of this epoch. */
  public long firstSeq() {
    return epoch * EPOCH_SPAN;
  }

  /** The number of the frame by which somebody ends the job who does not hold it. */
  public long seqOfEndByOthers() {
    return (epoch + 1) * EPOCH_SPAN + 1;
  }

  /** When somebody looks after the job who has no reason to before this; epoch ms. */
  public long lookAt(long at) {
    var due = terms.byDeadline(at);
    return marks.abandonAt().map(abandon -> Math.min(abandon, due)).orElse(due);
  }

  /** The job as clients see it, without result and error. */
  public ServerFrame.Snapshot snapshot() {
    return new ServerFrame.Snapshot(
        id.value(),
        requestId,
        action,
        status.wire(),
        percentage,
        message,
        seq,
        attempt,
        createdAt,
        null,
        null);
  }

  /**
   * The frame that ends the job, with the number it is stored with: the same each time it is sent.
   *
   * @param stored the result, if it stands beside the row
   * @return empty before the end, and for a success whose result is not at hand
   */
  public Optional<ServerFrame> terminalFrame(Optional<ServerFrame.Result> stored) {
    return switch (status) {
      case WAITING, QUEUED, RUNNING, RETRYING -> Optional.empty();
      case SUCCEEDED ->
          stored
              .or(() -> result.map(ServerFrame.Result.Inline::new))
              .map(value ->
                  new ServerFrame.Complete(requestId, id.value(), seq, value, annotations));
      case FAILED -> Optional.of(end(ErrorCode.INTERNAL_ERROR, "the job failed"));
      case CANCELLED -> Optional.of(end(ErrorCode.CANCELLED, "the job was cancelled"));
      case TIMED_OUT -> Optional.of(end(ErrorCode.TIMEOUT, "the job's time was up"));
    };
  }

  /** A success's last progress, with the number before the end's; empty for all else. */
  public Optional<ServerFrame> hundred() {
    return status == JobStatus.SUCCEEDED
        ? Optional.of(
            new ServerFrame.Progress(
                requestId, id.value(), seq - 1, percentage, message, attempt, annotations))
        : Optional.empty();
  }

  private ServerFrame end(ErrorCode code, String text) {
    return new ServerFrame.ErrorFrame(
        requestId, id.value(), seq, error.orElseGet(() -> Problem.of(code, text)));
  }
}
