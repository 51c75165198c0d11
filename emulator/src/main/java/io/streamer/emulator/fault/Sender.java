package io.streamer.emulator.fault;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A process of the stage as those it calls know it. Once it is dead, nothing more of it is let in:
 * the threads of a process that shares this JVM cannot be ended.
 */
public final class Sender {
  /** Everybody who shows no identity. */
  public static final Sender OTHER = new Sender("other", Role.OTHER);

  /** Some gateway: they all show the same secret where no session token is sent. */
  public static final Sender SOME_GATEWAY = new Sender("a gateway", Role.GATEWAY);

  private final String id;
  private final Role role;
  private final CompletableFuture<Void> settled = new CompletableFuture<>();

  // both under this object's lock
  private int underWay;
  private boolean dead;

  Sender(String id, Role role) {
    this.id = id;
    this.role = role;
  }

  /** Such as {@code worker7}: its AWS session token, and a part of the path of its pushes. */
  public String id() {
    return id;
  }

  public Role role() {
    return role;
  }

  public synchronized boolean alive() {
    return !dead;
  }

  /** A request of it is let through; false if it is dead. {@link #end} is due after each. */
  public synchronized boolean begin() {
    if (!dead) {
      underWay++;
    }
    return !dead;
  }

  /** The request has been answered. */
  public void end() {
    boolean last;
    synchronized (this) {
      underWay--;
      last = dead && underWay == 0;
    }
    if (last) {
      settled.complete(null);
    }
  }

  /** From now on it is dead; done when the requests let through before have ended. */
  public CompletableFuture<@Nullable Void> kill() {
    boolean idle;
    synchronized (this) {
      dead = true;
      idle = underWay == 0;
    }
    if (idle) {
      settled.complete(null);
    }
    return settled;
  }

  @Override
  public String toString() {
    return id;
  }
}
