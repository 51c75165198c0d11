package io.streamer.gateway.action;

import io.streamer.handler.Failure;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.payload.InvalidPayload;
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
    return outcome(action, thrown).problem();
  }

  private static Outcome.Failed outcome(String action, Throwable thrown) {
    return switch (thrown) {
      case InvalidPayload invalid ->
          new Outcome.Failed(
              Problem.invalid(invalid.fields().stream().map(f -> f.below("/payload")).toList()));
      case Failure failure -> Outcome.Failed.of(failure);
      default -> {
        var errorId = UUID.randomUUID().toString();
        LOG.error("action {} failed, error {}", action, errorId, thrown);
        yield new Outcome.Failed(Problem.ours(errorId));
      }
    };
  }
}
