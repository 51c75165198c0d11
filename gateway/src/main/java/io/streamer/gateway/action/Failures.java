package io.streamer.gateway.action;

import io.streamer.handler.Failure;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Translates what a handler threw on the spot into what the client is told. */
public final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /**
   * The problem, cut to bounds as a job's is; whatever was not meant for the client goes to the log
   * under its error_id.
   */
  public static Problem problem(String action, Throwable thrown) {
    return new Outcome.Failed(told(action, thrown)).problem();
  }

  private static Problem told(String action, Throwable thrown) {
    return switch (thrown) {
      case InvalidPayload invalid ->
          Problem.invalid(invalid.fields().stream().map(f -> f.below("/payload")).toList());
      case Failure failure ->
          switch (failure.kind()) {
            case FORBIDDEN -> Problem.of(ErrorCode.FORBIDDEN, failure.getMessage());
            case REFUSED, TRY_AGAIN ->
                Problem.of(ErrorCode.PROCESSING_FAILED, failure.getMessage())
                    .with("reason", failure.reason());
          };
      default -> {
        var errorId = UUID.randomUUID().toString();
        LOG.error("action {} failed, error {}", action, errorId, thrown);
        yield Problem.of(ErrorCode.INTERNAL_ERROR, "something went wrong on our side")
            .with("error_id", errorId);
      }
    };
  }
}
