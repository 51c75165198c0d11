package io.streamer.worker;

import io.streamer.handler.Failure;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a job by the way its handler ended. */
final class Verdict {
  private static final Logger log = LoggerFactory.getLogger(Verdict.class);

  private Verdict() {}

  /** The outcome; whatever was not meant for the client goes to the log under its error_id. */
  static Outcome of(String jobId, End end) {
    return switch (end) {
      case End.Returned(var result) -> new Outcome.Succeeded(result);
      case End.TimedOut(var after) ->
          failed(Problem.of(ErrorCode.TIMEOUT, "not done after " + seconds(after.toMillis())));
      case End.Threw(Failure failure) ->
          switch (failure.kind()) {
            case REFUSED, TRY_AGAIN -> refused(failure.reason(), failure.getMessage());
            case FORBIDDEN -> failed(Problem.of(ErrorCode.FORBIDDEN, failure.getMessage()));
          };
      case End.Threw(InvalidPayload invalid) -> invalid(invalid);
      case End.Threw(var thrown) -> unexpected(jobId, thrown);
    };
  }

  static Outcome unknownAction(String action) {
    return failed(Problem.of(ErrorCode.INVALID_ACTION, "no handler for the action " + action));
  }

  private static Outcome invalid(InvalidPayload invalid) {
    return failed(
        Problem.invalid(invalid.fields().stream().map(field -> field.below("/payload")).toList()));
  }

  private static Outcome refused(String reason, String message) {
    return failed(Problem.of(ErrorCode.PROCESSING_FAILED, message).with("reason", reason));
  }

  private static Outcome unexpected(String jobId, Throwable thrown) {
    var errorId = UUID.randomUUID().toString();
    log.error("job {}: the handler failed, error_id {}", jobId, errorId, thrown);
    return failed(
        Problem.of(ErrorCode.PROCESSING_FAILED, "the handler failed").with("error_id", errorId));
  }

  private static Outcome failed(Problem problem) {
    return new Outcome.Failed(problem);
  }

  private static String seconds(long ms) {
    return ms % 1000 == 0 ? ms / 1000 + " s" : ms + " ms";
  }
}
