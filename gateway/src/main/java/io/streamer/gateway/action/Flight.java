package io.streamer.gateway.action;

import io.streamer.gateway.loop.HandOver;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call on its way: it carries its reply back by itself. The event loop on which it was made owns
 * it, but for {@link #reply}.
 */
final class Flight extends DeadlineQueue.Entry {
  private final ActionCall call;
  private final Deployed action;
  private final Waiting waiting;
  private final ContextInternal context;
  private final DeadlineQueue deadlines;
  private final long madeAt;
  private final long threshold;
  private final long timeout;
  private boolean overran;
  private boolean replied;
  // the next two by whoever holds this flight's lock
  private boolean over;
  private @Nullable Admission place;

  /** A call that is made now, on the current context. */
  Flight(
      ActionCall call,
      Deployed action,
      Waiting waiting,
      ContextInternal context,
      DeadlineQueue deadlines) {
    this.call = call;
    this.action = action;
    this.waiting = waiting;
    this.context = context;
    this.deadlines = deadlines;
    this.threshold = call.threshold().toNanos();
    this.timeout = action.timeout().toNanos();
    this.madeAt = deadlines.now();
    // no handler has run for so long before
    lookIn(Math.min(threshold, timeout), madeAt);
  }

  ActionCall call() {
    return call;
  }

  /** Where it was made. */
  ContextInternal context() {
    return context;
  }

  /** Has a place until {@link #givePlaceBack}, or until it is over; on any thread. */
  void holds(Admission taken) {
    synchronized (this) {
      if (!over) {
        place = taken;
        return;
      }
    }
    taken.leave();
  }

  /** What it was given a place for is done; on any thread, and more than once. */
  void givePlaceBack() {
    Admission taken;
    synchronized (this) {
      over = true;
      taken = place;
      place = null;
    }
    if (taken != null) {
      taken.leave();
    }
  }

  /** It has come to this; on any thread. What comes behind the first reply counts for nothing. */
  void reply(ActionReply reply) {
    HandOver.emit(context, reply, this::end);
  }

  @Override
  void due() {
    context.emit(null, _ -> look());
  }

  private void look() {
    if (replied) {
      return;
    }
    long now = deadlines.now();
    long left = timesOutAt(now) - now;
    if (left <= 0) {
      call.timeOut();
      end(timedOut(action.action(), action.timeout()));
      return;
    }
    if (overran) {
      lookIn(left, now);
      return;
    }
    // binding and estimating do not count: what is not running may still be queued
    long inTime = (call.running() ? call.startedAt() : now) + threshold - now;
    if (inTime > 0) {
      lookIn(Math.min(inTime, left), now);
      return;
    }
    overran = true;
    lookIn(left, now);
    waiting.overran();
  }

  /** An action on Vert.x has its time from its start, a handler that of its interceptors too. */
  private long timesOutAt(long now) {
    if (!action.isOnVertx()) {
      return madeAt + timeout;
    }
    return (call.running() ? call.startedAt() : now) + timeout;
  }

  private void lookIn(long nanos, long now) {
    deadlines.add(this, now + nanos, overran ? timeout : Math.min(threshold, timeout));
  }

  private void end(ActionReply reply) {
    if (replied) {
      return;
    }
    replied = true;
    deadlines.remove(this);
    givePlaceBack();
    action.leave();
    waiting.replied(reply);
  }

  static ActionReply timedOut(String action, Duration timeout) {
    return new ActionReply.Failed(
        Problem.of(ErrorCode.TIMEOUT, action + " took longer than " + timeout.toMillis() + " ms"));
  }
}
