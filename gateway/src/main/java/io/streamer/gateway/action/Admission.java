package io.streamer.gateway.action;

import io.streamer.gateway.loop.HandOver;
import io.streamer.handler.Interceptor;
import io.streamer.shared.action.Declared;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;

/** Who may call an action on Vert.x and how many at once; its instances share one. */
final class Admission {
  private final Declared declared;
  private final List<Interceptor> interceptors;
  private final ActionPlaces places;

  Admission(Declared declared, List<Interceptor> interceptors, ActionPlaces places) {
    this.declared = declared;
    this.interceptors = interceptors;
    this.places = places;
  }

  Declared declared() {
    return declared;
  }

  /** Whether there is no interceptor, so that {@link #accept} need not be called. */
  boolean asksNobody() {
    return interceptors.isEmpty();
  }

  ActionPlaces places() {
    return places;
  }

  /**
   * Asks the interceptors, which may block, on a thread of their own: it is interrupted when the
   * call's time is up.
   */
  Future<Void> accept(Vertx vertx, ActionCall call) {
    var context = vertx.getOrCreateContext();
    var accepted = Promise.<Void>promise();
    Thread.ofVirtual()
        .name("accept-" + declared.action())
        .start(() -> {
          Throwable refusal = null;
          try {
            call.on(Thread.currentThread());
            interceptors.forEach(one -> one.accept(declared.action(), call.caller()));
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
