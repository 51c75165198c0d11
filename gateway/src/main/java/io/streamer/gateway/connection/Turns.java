package io.streamer.gateway.connection;

import io.streamer.gateway.loop.Every;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * What one connection asks for, a few things at a time and the others behind them, as many as may
 * wait; they are messages that count as under way, too. Not thread-safe: the connection's event
 * loop owns it, and whatever is done here ends there.
 */
final class Turns {
  private final int atOnce;
  private final int mostWaiting;
  private final Queue<Waiting> waiting = new ArrayDeque<>(0);
  private int underWay;
  private boolean beginning;
  private boolean over;

  private record Waiting(Supplier<Future<Void>> work, Promise<Void> done) {}

  Turns(int atOnce, int mostWaiting) {
    this.atOnce = atOnce;
    this.mostWaiting = mostWaiting;
  }

  /** Whether nothing more should be asked for now. */
  boolean isFull() {
    return waiting.size() >= mostWaiting;
  }

  /** Done when the work is, or when nobody waits for it any more. */
  Future<Void> run(Supplier<Future<Void>> work) {
    if (over) {
      return Future.succeededFuture();
    }
    if (underWay < atOnce) {
      return begin(work);
    }
    var done = Promise.<Void>promise();
    waiting.add(new Waiting(work, done));
    return done.future();
  }

  /** The connection has ended: what has not begun does not begin. */
  void end() {
    over = true;
    var all = List.copyOf(waiting);
    waiting.clear();
    Every.one(all, next -> next.done().complete());
  }

  private Future<Void> begin(Supplier<Future<Void>> work) {
    underWay++;
    return Future.<Void>succeededFuture().compose(_ -> work.get()).onComplete(_ -> next());
  }

  private void next() {
    underWay--;
    if (beginning) {
      // what began just now is over already: one below this begins the others, however many
      return;
    }
    beginning = true;
    try {
      while (underWay < atOnce) {
        var next = waiting.poll();
        if (next == null) {
          return;
        }
        begin(next.work()).onComplete(next.done());
      }
    } finally {
      beginning = false;
    }
  }
}
