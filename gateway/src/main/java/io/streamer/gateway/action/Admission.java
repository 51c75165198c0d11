package io.streamer.gateway.action;

import io.streamer.gateway.loop.HandOver;
import io.streamer.handler.Caller;
import io.streamer.handler.Interceptor;
import io.streamer.shared.action.Declared;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Who may call an action on Vert.x and how many at once; its instances share one. */
final class Admission {
  private static final long COME_BACK_MS = 1_000;

  private final Declared declared;
  private final List<Interceptor> interceptors;
  private final AtomicInteger running = new AtomicInteger();

  Admission(Declared declared, List<Interceptor> interceptors) {
    this.declared = declared;
    this.interceptors = interceptors;
  }

  Declared declared() {
    return declared;
  }

  /** Whether there is no interceptor, so that {@link #accept} need not be called. */
  boolean asksNobody() {
    return interceptors.isEmpty();
  }

  /** Takes a place, if one is free; {@link #leave} gives it back. */
  boolean enter() {
    if (running.incrementAndGet() > declared.concurrency()) {
      running.decrementAndGet();
      return false;
    }
    return true;
  }

  void leave() {
    running.decrementAndGet();
  }

  /** What a caller without a place is told. */
  ActionReply full() {
    return full(declared.action());
  }

  static ActionReply full(String action) {
    return new ActionReply.Failed(
        Problem.comeBack(
            ErrorCode.SERVICE_UNAVAILABLE, "all places of " + action + " are taken", COME_BACK_MS));
  }

  /** Asks the interceptors, which may block, on a thread of their own. */
  Future<Void> accept(Vertx vertx, Caller caller) {
    var context = vertx.getOrCreateContext();
    var accepted = Promise.<Void>promise();
    Thread.ofVirtual()
        .name("accept-" + declared.action())
        .start(() -> {
          Throwable refusal = null;
          try {
            interceptors.forEach(one -> one.accept(declared.action(), caller));
          } catch (Throwable thrown) {
            refusal = thrown;
          }
          var answer = refusal;
          HandOver.to(
              context,
              () -> {
                if (answer == null) {
                  accepted.complete();
                } else {
                  accepted.fail(answer);
                }
              });
        });
    return accepted.future();
  }
}
