package io.streamer.gateway.action;

import io.streamer.shared.job.Definition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An action as this gateway serves it, until another version takes its place. */
public final class Deployed {
  private static final int GONE = Integer.MIN_VALUE;

  private final String action;
  private final List<String> needs;
  private final String address;
  private final @Nullable Definition definition;
  private final AtomicInteger calls = new AtomicInteger();
  private final Promise<Void> unused = Promise.promise();
  private volatile boolean replaced;

  /**
   * @param address where its verticle listens on the event bus
   * @param definition null for an action written on Vert.x
   */
  Deployed(String action, List<String> needs, String address, @Nullable Definition definition) {
    this.action = action;
    this.needs = needs;
    this.address = address;
    this.definition = definition;
  }

  /** Its name on the wire. */
  public String action() {
    return action;
  }

  /** Permissions a caller must all have. */
  public List<String> needs() {
    return needs;
  }

  /** How often a job of it is tried; empty for an action written on Vert.x. */
  OptionalInt attempts() {
    return definition == null ? OptionalInt.empty() : OptionalInt.of(definition.attempts());
  }

  String address() {
    return address;
  }

  boolean isOnVertx() {
    return definition == null;
  }

  boolean serves(Definition other) {
    return definition == other;
  }

  /** Begins a call, which {@link #leave} ends; false if it is gone, and another is to be called. */
  boolean enter() {
    return calls.updateAndGet(count -> count < 0 ? count : count + 1) > 0;
  }

  void leave() {
    calls.decrementAndGet();
    endIfUnused();
  }

  /** Another has taken its place, or nobody. */
  void replace() {
    replaced = true;
    endIfUnused();
  }

  /** Done when it was replaced and its last call has ended. */
  Future<Void> unused() {
    return unused.future();
  }

  private void endIfUnused() {
    if (replaced && calls.compareAndSet(0, GONE)) {
      unused.complete();
    }
  }
}
