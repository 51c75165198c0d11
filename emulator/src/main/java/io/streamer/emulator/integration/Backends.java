package io.streamer.emulator.integration;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The targets of the load balancer, taken in turn; may change while it runs, on any thread. */
public final class Backends {
  private final List<URI> targets;
  private final AtomicInteger next = new AtomicInteger();

  public Backends(List<URI> targets) {
    this.targets = new CopyOnWriteArrayList<>(targets);
  }

  /** Adds a target, e.g. {@code http://127.0.0.1:8080}. */
  public void add(URI target) {
    targets.add(target);
  }

  /** Removes a target; calls under way go on. */
  public void remove(URI target) {
    targets.remove(target);
  }

  /** All targets, each once: the first is to be tried, then the others. */
  List<URI> inTurn() {
    var order = new ArrayList<>(targets);
    if (!order.isEmpty()) {
      Collections.rotate(order, -Math.floorMod(next.getAndIncrement(), order.size()));
    }
    return order;
  }
}
