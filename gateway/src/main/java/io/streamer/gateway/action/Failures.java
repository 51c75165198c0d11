package io.streamer.gateway.action;

import io.streamer.handler.Failure;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.log.About;
import io.streamer.shared.log.Abridged;
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

  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What one action's handler may write within a second: a client may have it fail thousands. */
  private static final int MOST_LINES = 10;

  /** What each action's handler wrote lately: there are few actions, and each is known. */
  private static final Map<String, Window> WINDOWS = new ConcurrentHashMap<>();

  /**
   * A second of an action.
   *
   * @param since by {@link System#nanoTime}
   * @param failures up to now
   * @param leftOut failures of the window before that have no line
   */
  private record Window(long since, long failures, long leftOut) {
    Window more(long now) {
      return now - since < EVERY_NANOS
          ? new Window(since, failures + 1, leftOut)
          : new Window(now, 1, Math.max(0, failures - MOST_LINES));
    }
  }

  private Failures() {}

  /**
   * The problem, cut to bounds as a job's is; whatever was not meant for the client goes to the log
   * under its error_id.
   *
   * @param about what is known of the call besides
   */
  public static Problem problem(About about, String action, Throwable thrown) {
    return outcome(about, action, thrown).problem();
  }

  /**
   * Says a failure: a second's first with its stack, a few more in a line, and of the others how
   * many there were. What was thrown is cut: it may quote what the client sent.
   */
  private static void tell(About about, String action, String errorId, Throwable thrown) {
    long now = System.nanoTime();
    var window =
        WINDOWS.compute(action, (_, last) -> last == null ? new Window(now, 1, 0) : last.more(now));
    if (window.failures == 1) {
      var others =
          window.leftOut == 0 ? "" : " (and " + window.leftOut + " before that were not told)";
      about
          .action(action)
          .in(LOG.atError())
          .setCause(Abridged.of(thrown))
          .log("action {} failed, error {}{}", action, errorId, others);
    } else if (window.failures <= MOST_LINES) {
      var frames = thrown.getStackTrace();
      about
          .action(action)
          .in(LOG.atError())
          .log(
              "action {} failed, error {}: {}{}",
              action,
              errorId,
              Abridged.line(thrown),
              frames.length == 0 ? "" : " at " + frames[0]);
    }
  }

  private static Outcome.Failed outcome(About about, String action, Throwable thrown) {
    return switch (thrown) {
      case InvalidPayload invalid ->
          new Outcome.Failed(
              Problem.invalid(invalid.fields().stream().map(f -> f.below("/payload")).toList()));
      case Failure failure -> Outcome.Failed.of(failure);
      default -> {
        var errorId = UUID.randomUUID().toString();
        tell(about, action, errorId, thrown);
        yield new Outcome.Failed(Problem.ours(errorId));
      }
    };
  }
}
