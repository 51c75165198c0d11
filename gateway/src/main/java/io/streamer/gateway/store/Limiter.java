package io.streamer.gateway.store;

import io.streamer.gateway.loop.HandOver;
import io.streamer.shared.push.Lanes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Does so many things at a time; others wait for their turn. Its context owns all state. */
public final class Limiter {
  private final Context context;
  private final Lanes<Object> lanes;
  private final int mostWaiting;
  private final Duration patience;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private Promise<Void> idle = Promise.promise();
  private int busy;
  private boolean looking;
  private boolean ending;

  /** There was no room to wait for a turn. */
  public static final class FullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private FullException() {
      super("too many wait for their turn", null, false, false);
    }
  }

  /**
   * Free lanes, for which any number may wait.
   *
   * @param patience with one thing: it fails then, and whatever it still does, its lane is free
   */
  public Limiter(Context context, int most, Duration patience) {
    this(context, most, Integer.MAX_VALUE, patience);
  }

  /**
   * Free lanes, of which those that take long hold none that others need.
   *
   * @param mostLate besides the others; any number may wait
   * @param lateAfter which a thing takes long
   * @param patience with one thing: it fails then, and whatever it still does, its lane is free
   */
  public Limiter(Context context, int most, int mostLate, Duration lateAfter, Duration patience) {
    this(context, new Lanes<>(most, mostLate, lateAfter.toMillis()), Integer.MAX_VALUE, patience);
  }

  /**
   * Free lanes.
   *
   * @param mostWaiting beyond them {@link #run} fails with a {@link FullException}
   * @param patience with one thing: it fails then, and whatever it still does, its lane is free
   */
  public Limiter(Context context, int most, int mostWaiting, Duration patience) {
    this(context, new Lanes<>(most, 0, Long.MAX_VALUE), mostWaiting, patience);
  }

  private Limiter(Context context, Lanes<Object> lanes, int mostWaiting, Duration patience) {
    this.context = context;
    this.lanes = lanes;
    this.mostWaiting = mostWaiting;
    this.patience = patience;
  }

  /** What is under way and what waits. */
  public int size() {
    return busy + waiting.size();
  }

  /** Done, on the context, when the work is. */
  public <T> Future<T> run(Supplier<Future<T>> work) {
    boolean free = (waiting.isEmpty() || ending) && lanes.isFree(false, now());
    if (!free && waiting.size() >= mostWaiting) {
      return Future.failedFuture(new FullException());
    }
    var done = Promise.<T>promise();
    if (free) {
      start(work, done);
    } else {
      waiting.add(() -> start(work, done));
      lookAgain();
    }
    return done.future();
  }

  /** The same from any thread; done on the caller's context. */
  public <T> Future<T> enter(Supplier<Future<T>> work) {
    return fromElsewhere(() -> run(work));
  }

  /** {@link #idle} from any thread; done on the caller's context. */
  public Future<Void> empty() {
    return fromElsewhere(this::idle);
  }

  private <T> Future<T> fromElsewhere(Supplier<Future<T>> here) {
    var caller = context.owner().getOrCreateContext();
    var done = Promise.<T>promise();
    var taken =
        HandOver.to(
            context,
            () ->
                here.get().onComplete(outcome -> HandOver.to(caller, () -> done.handle(outcome))));
    return taken ? done.future() : Future.failedFuture("nothing is done here any more");
  }

  /** Done when nothing is under way. */
  public Future<Void> idle() {
    return size() == 0 ? Future.succeededFuture() : idle.future();
  }

  private <T> void start(Supplier<Future<T>> work, Promise<T> done) {
    busy++;
    var lane = new Object();
    lanes.begin(lane, false, now());
    Future.<Void>succeededFuture()
        .compose(_ -> work.get())
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        // a socket's answer comes on the socket's context
        .onComplete(outcome ->
            HandOver.to(
                context,
                () -> {
                  busy--;
                  lanes.end(lane);
                  // whoever hears of it may take the lane
                  ending = true;
                  done.handle(outcome);
                  ending = false;
                  next();
                  if (size() == 0) {
                    idle.complete();
                    idle = Promise.promise();
                  }
                }));
  }

  private void next() {
    while (!waiting.isEmpty() && lanes.isFree(false, now())) {
      waiting.remove().run();
    }
    lookAgain();
  }

  /** What is under way may turn late. */
  private void lookAgain() {
    long now = now();
    long at = lanes.freeAt(now);
    if (!looking && !waiting.isEmpty() && at != Long.MAX_VALUE) {
      looking = true;
      context
          .owner()
          .setTimer(
              Math.max(1, at - now),
              _ ->
                  context.runOnContext(_ -> {
                    looking = false;
                    next();
                  }));
    }
  }

  private static long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
