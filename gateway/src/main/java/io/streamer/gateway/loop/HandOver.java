package io.streamer.gateway.loop;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.RejectedExecutionException;

/**
 * Has something done on the context that it belongs to, from any thread. A handler, a timer or
 * another loop may come when that context's loop has ended with its Vert.x: whoever waited there
 * has gone, so that is no failure of theirs.
 */
public final class HandOver {
  private HandOver() {}

  /**
   * Does the work on the context, later.
   *
   * @return false if nothing is done there any more
   */
  public static boolean to(Context context, Runnable work) {
    try {
      context.runOnContext(_ -> work.run());
      return true;
    } catch (RejectedExecutionException _) {
      return false;
    }
  }

  /**
   * Does the work on the context: at once, if this is its thread.
   *
   * @return false if nothing is done there any more
   */
  public static <T> boolean emit(ContextInternal context, T value, Handler<T> work) {
    try {
      context.emit(value, work);
      return true;
    } catch (RejectedExecutionException _) {
      return false;
    }
  }
}
