package io.streamer.gateway.action;

import io.streamer.handler.Failure;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.protocol.Problem;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Translates what a handler threw on the spot into what the client is told. */
public final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private static final long STACK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** When an action's last stack was written: there are few actions, and each is known. */
  private static final Map<String, Long> STACKS = new ConcurrentHashMap<>();

  private Failures() {}

  /**
   * The problem, cut to bounds as a job's is; whatever was not meant for the client goes to the log
   * under its error_id.
   */
  public static Problem problem(String action, Throwable thrown) {
    return outcome(action, thrown).problem();
  }

  /** Says each failure, with its stack once a second: a client may ask for thousands. */
  private static void tell(String action, String errorId, Throwable thrown) {
    long now = System.nanoTime();
    long last =
        STACKS.merge(action, now, (before, at) -> at - before >= STACK_EVERY_NANOS ? at : before);
    if (last == now) {
      LOG.error("action {} failed, error {}", action, errorId, thrown);
    } else {
      var frames = thrown.getStackTrace();
      LOG.error(
          "action {} failed, error {}: {}{}",
          action,
          errorId,
          thrown,
          frames.length == 0 ? "" : " at " + frames[0]);
    }
  }

  private static Outcome.Failed outcome(String action, Throwable thrown) {
    return switch (thrown) {
      case InvalidPayload invalid ->
          new Outcome.Failed(
              Problem.invalid(invalid.fields().stream().map(f -> f.below("/payload")).toList()));
      case Failure failure -> Outcome.Failed.of(failure);
      default -> {
        var errorId = UUID.randomUUID().toString();
        tell(action, errorId, thrown);
        yield new Outcome.Failed(Problem.ours(errorId));
      }
    };
  }
}
