package io.streamer.emulator.apigateway;

import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.integration.ClientFacts;
import io.streamer.emulator.integration.Ids;
import io.streamer.emulator.integration.IntegrationCalls;
import io.streamer.emulator.integration.Invocation;
import io.streamer.emulator.integration.Timers;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Set;

/** Tells the backend of ended connections: once, on a best-effort basis, or with a fault. */
final class Disconnects {
  private final IntegrationCalls integrations;
  private final Timers timers;
  private final Faults faults;
  private final Set<Future<?>> underWay = new HashSet<>();

  Disconnects(IntegrationCalls integrations, Timers timers, Faults faults) {
    this.integrations = integrations;
    this.timers = timers;
    this.faults = faults;
  }

  void ended(ClientFacts peer) {
    var fault = faults.disconnect(peer.connectionId());
    if (fault.isEmpty()) {
      deliver(peer);
      return;
    }
    switch (fault.get()) {
      case Fault.Drop _ -> {}
      case Fault.Duplicate _ -> {
        deliver(peer);
        deliver(peer);
      }
      case Fault.Delay(var length) -> timers.after(length.toMillis(), () -> deliver(peer));
    }
  }

  private void deliver(ClientFacts peer) {
    var end = new Invocation.Cause.Disconnect();
    var call = integrations.call(new Invocation(peer, Ids.next(), timers.millis(), end));
    underWay.add(call);
    call.onComplete(_ -> underWay.remove(call));
  }

  /** Completes when those under way now have ended. */
  Future<Void> idle() {
    return Future.join(underWay.stream().toList()).mapEmpty();
  }
}
