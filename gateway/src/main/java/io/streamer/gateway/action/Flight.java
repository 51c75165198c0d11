package io.streamer.gateway.action;

import io.streamer.gateway.loop.HandOver;
import io.streamer.shared.log.About;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.function.Consumer;
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
  private final long patience;
  private boolean overran;
  private boolean replied;
  // by the action's thread, if there is no place for it at once
  private volatile @Nullable Ticket ticket;
  // the next two by whoever holds this flight's lock
  private boolean over;
  private @Nullable ActionPlaces place;

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
    // who gets a place late needs time, too
    this.patience = Math.min(threshold, timeout / 2);
    this.madeAt = deadlines.now();
    // no handler has run for so long before, and no call has waited
    lookIn(patience, madeAt);
  }

  ActionCall call() {
    return call;
  }

  /** What a line of the log says of it. */
  About about() {
    return About.connectionOf(call.caller().tenant(), waiting.connection())
        .request(call.id())
        .action(action.action());
  }

  /** Where it was made. */
  ContextInternal context() {
    return context;
  }

  Waiting waiting() {
    return waiting;
  }

  /** What it waits for a place with; on the action's thread, and once. */
  Ticket ticket(ActionPlaces places, Consumer<Ticket.Verdict> told) {
    var bytes = call.payload().utf8().length;
    var made = new Ticket(places, waiting.connection(), bytes, deadlines.now(), told);
    ticket = made;
    return made;
  }

  /** What is left of its action's time behind the wait for a place; on any thread. */
  Duration timeLeft() {
    var waited = ticket;
    return waited == null
        ? action.timeout()
        : action.timeout().minusNanos(deadlines.now() - waited.since());
  }

  /** Has a place until {@link #givePlaceBack}, or until it is over; on any thread. */
  void holds(ActionPlaces taken) {
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
    ActionPlaces taken;
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
    long left = timesOutAt() - now;
    if (left <= 0) {
      call.timeOut();
      end(timedOut(action.action(), action.timeout()));
      return;
    }
    if (overran) {
      lookIn(left, now);
      return;
    }
    if (!call.running()) {
      // binding and estimating do not count: it may still become a job
      waitOn(left, now);
      return;
    }
    long inTime = call.startedAt() + threshold - now;
    if (inTime > 0) {
      lookIn(Math.min(inTime, left), now);
      return;
    }
    overran = true;
    lookIn(left, now);
    waiting.overran();
  }

  private void waitOn(long left, long now) {
    var waits = ticket;
    long patient = (waits == null ? now : waits.since()) + patience - now;
    if (patient > 0) {
      lookIn(Math.min(patient, left), now);
      return;
    }
    if (waits != null) {
      waits.giveUp();
    }
    // it has a place, or its reply is on the way
    lookIn(Math.min(Math.max(1, patience), left), now);
  }

  /**
   * A handler has its time from the call on. An action on Vert.x has it from when it waits for a
   * place or starts: its interceptors have as much for themselves.
   */
  private long timesOutAt() {
    if (!action.isOnVertx()) {
      return madeAt + timeout;
    }
    var waited = ticket;
    if (waited != null) {
      return waited.since() + timeout;
    }
    return (call.running() ? call.startedAt() : madeAt) + timeout;
  }

  private void lookIn(long nanos, long now) {
    deadlines.add(this, now + nanos, overran ? timeout : patience);
  }

  private void end(ActionReply reply) {
    if (replied) {
      return;
    }
    replied = true;
    deadlines.remove(this);
    var waits = ticket;
    if (waits != null) {
      var _ = waits.withdraw();
    }
    givePlaceBack();
    action.leave();
    waiting.replied(reply);
  }

  static ActionReply timedOut(String action, Duration timeout) {
    return new ActionReply.Failed(
        Problem.of(ErrorCode.TIMEOUT, action + " took longer than " + timeout.toMillis() + " ms"));
  }
}
