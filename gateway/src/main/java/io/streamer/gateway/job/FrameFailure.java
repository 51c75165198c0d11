package io.streamer.gateway.job;

import io.streamer.gateway.connection.Session;
import io.streamer.shared.log.Abridged;
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

  /** While the store is away there is one for each frame that needs it. */
  private static final Seldom SELDOM = new Seldom(LOG, InstantSource.system());

  private static final long COME_BACK_MS = 2_000;

  private FrameFailure() {}

  /**
   * Says that the job store is away, if that is why; anything else is our fault, and stands in the
   * log under its error_id.
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
      var errorId = UUID.randomUUID().toString();
      session
          .about()
          .request(id)
          .in(LOG.atError())
          .setCause(Abridged.of(e))
          .log("handling a frame of {}, error {}", session.id(), errorId);
      session.send(ErrorFrame.of(id, Problem.ours(errorId)));
    }
    return Future.succeededFuture();
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
