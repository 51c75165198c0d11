package io.streamer.gateway.job;

import io.streamer.gateway.connection.Session;
import io.streamer.shared.log.About;
import io.streamer.shared.log.Seldom;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame.ErrorFrame;
import io.streamer.shared.table.StoreUnavailableException;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a frame that could not be handled. */
public final class FrameFailure {
  private static final Logger LOG = LoggerFactory.getLogger(FrameFailure.class);

  /**
   * While the store is away there is one for each frame that needs it; and who finds a frame that
   * we fail at can send it as often as frames may come.
   */
  private static final Seldom SELDOM = new Seldom(LOG, InstantSource.system());

  private static final long COME_BACK_MS = 2_000;

  private FrameFailure() {}

  /**
   * Says that the job store is away, if that is why; anything else is our fault: of each place that
   * fails the first within a minute stands in the log under its error_id.
   *
   * @param id the frame's own, if it has one
   */
  public static Future<Void> answer(Session session, @Nullable String id, Throwable e) {
    return answer(session, id, e, false);
  }

  /** The same for a request which may have been stored as a job all the same. */
  static Future<Void> mayHaveStarted(Session session, String id, Throwable e) {
    return answer(session, id, e, true);
  }

  private static Future<Void> answer(
      Session session, @Nullable String id, Throwable e, boolean started) {
    if (isStoreAway(e)) {
      SELDOM.warn("the job store did not answer", e.toString());
      var problem =
          Problem.comeBack(
              ErrorCode.SERVICE_UNAVAILABLE, "jobs cannot be reached right now", COME_BACK_MS);
      session.send(ErrorFrame.of(id, started ? problem.mayHaveStarted() : problem));
    } else {
      session.send(ErrorFrame.of(id, ours(session.about().request(id), e)));
    }
    return Future.succeededFuture();
  }

  /** What a client is told of a fault of ours at its frame, which is said in the log. */
  public static Problem ours(About about, Throwable e) {
    var errorId = UUID.randomUUID().toString();
    SELDOM.fault(about, "handling a frame", "error " + errorId, e);
    return Problem.ours(errorId);
  }

  static boolean isStoreAway(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreUnavailableException || cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }
}
