package io.streamer.gateway.action;

import io.netty.channel.EventLoop;
import io.streamer.gateway.loop.HandOver;
import io.streamer.shared.action.Declared;
import io.vertx.core.Handler;
import io.vertx.core.ThreadingModel;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The instances of an action on Vert.x. A call goes to the one on its own event loop, where there
 * is one: it then changes no thread. Else they take turns.
 */
final class Instances implements Deployed.Target {
  private final Declared declared;
  private final List<Instance> all = new CopyOnWriteArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();

  private record Instance(Handler<Flight> action, ContextInternal context) {
    boolean isOn(EventLoop loop) {
      return context.threadingModel() == ThreadingModel.EVENT_LOOP
          && context.nettyEventLoop().equals(loop);
    }

    void take(Flight flight) {
      HandOver.emit(context, flight, action);
    }
  }

  Instances(Declared declared) {
    this.declared = declared;
  }

  Declared declared() {
    return declared;
  }

  /** One more has started, on its context. */
  void add(VertxAction<?, ?> action, ContextInternal context) {
    all.add(new Instance(action::take, context));
  }

  @Override
  public void take(Flight flight) {
    var here = flight.context().nettyEventLoop();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).isOn(here)) {
        all.get(i).take(flight);
        return;
      }
    }
    all.get(Math.floorMod(turn.getAndIncrement(), all.size())).take(flight);
  }
}
