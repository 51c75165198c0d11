package io.streamer.local.apigateway;

import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/** Tells the backend of ended connections: once, on a best-effort basis, or with a fault. */
final class Disconnects {
  private final IntegrationCalls integrations;
  private final Timers timers;
  private final Fault fault;
  private final Set<Future<?>> underWay = new HashSet<>();

  /** The fault that is set when a connection ends. */
  interface Fault extends Supplier<DisconnectFault> {}

  Disconnects(IntegrationCalls integrations, Timers timers, Fault fault) {
    this.integrations = integrations;
    this.timers = timers;
    this.fault = fault;
  }

  void ended(Peer peer, Invocation.Cause.Disconnect cause) {
    var wrong = fault.get();
    for (int i = 0; i < wrong.deliveries(); i++) {
      if (wrong.delayMs() == 0) {
        deliver(peer, cause);
      } else {
        timers.after(wrong.delayMs(), () -> deliver(peer, cause));
      }
    }
  }

  private void deliver(Peer peer, Invocation.Cause.Disconnect cause) {
    integrations
        .call(new Invocation(peer, Ids.next(), timers.millis(), cause))
        .ifPresent(call -> {
          underWay.add(call);
          call.onComplete(_ -> underWay.remove(call));
        });
  }

  /** Completes when those under way now have ended. */
  Future<Void> idle() {
    return Future.join(underWay.stream().toList()).mapEmpty();
  }
}
