package io.streamer.gateway.action;

import io.streamer.shared.action.Definition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An action as this gateway serves it, until another version takes its place. */
public final class Deployed {
  private static final int GONE = Integer.MIN_VALUE;

  private final String action;
  private final List<String> needs;
  private final Duration timeout;
  private final Target target;
  private final @Nullable Definition definition;
  private final AtomicInteger calls = new AtomicInteger();
  private final Promise<Void> unused = Promise.promise();
  private volatile boolean replaced;

  /** What takes its calls. */
  interface Target {
    /** Takes a call on the event loop on which it is made; it is replied to in any case. */
    void take(Flight flight);
  }

  private Deployed(
      String action,
      List<String> needs,
      Duration timeout,
      Target target,
      @Nullable Definition definition) {
    this.action = action;
    this.needs = needs;
    this.timeout = timeout;
    this.target = target;
    this.definition = definition;
  }

  /** A handler's. */
  static Deployed of(Definition definition, Target target) {
    return new Deployed(
        definition.action(), definition.needs(), definition.timeout(), target, definition);
  }

  /** One that is written on Vert.x. */
  static Deployed of(Instances instances) {
    var declared = instances.declared();
    return new Deployed(declared.action(), declared.needs(), declared.timeout(), instances, null);
  }

  /** Its name on the wire. */
  public String action() {
    return action;
  }

  /** Permissions a caller must all have. */
  public List<String> needs() {
    return needs;
  }

  /** How long a call may take. */
  Duration timeout() {
    return timeout;
  }

  /** How often a job of it is tried; empty for an action written on Vert.x. */
  OptionalInt attempts() {
    return definition == null ? OptionalInt.empty() : OptionalInt.of(definition.attempts());
  }

  Target target() {
    return target;
  }

  boolean isOnVertx() {
    return definition == null;
  }

  boolean serves(Definition other) {
    return definition == other;
  }

  /** Begins a call, which {@link #leave} ends; false if it is gone, and another is to be called. */
  boolean enter() {
    if (calls.incrementAndGet() > 0) {
      return true;
    }
    // it stays gone however many try
    calls.decrementAndGet();
    return false;
  }

  void leave() {
    if (calls.decrementAndGet() == 0) {
      endIfUnused();
    }
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
