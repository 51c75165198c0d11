package io.streamer.emulator.fault;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Something that happens once, at exactly one write: made by {@link Faults#when}.
 *
 * <p>{@code faults.when(write -> write.to("jobs") && write.sets("status",
 * "SUCCEEDED")).then(Trap.kill())} kills the worker that has stored a success before it learns of
 * it.
 */
public final class Trap {
  /** What happens. */
  public sealed interface Act {}

  /** Whoever sent the write dies. */
  record Kill() implements Act {}

  /** The writer's connection is closed in place of the answer. */
  record LoseAnswer() implements Act {}

  /** Something of the test's own, on a virtual thread; the write waits for it. */
  record Run(Runnable what) implements Act {}

  /** Dies: a worker or a gateway; nobody else can. */
  public static Act kill() {
    return new Kill();
  }

  /** The store does it and the writer does not hear of it. */
  public static Act loseAnswer() {
    return new LoseAnswer();
  }

  /** Does this while the write waits: before the store sees it, or before its writer hears. */
  public static Act run(Runnable what) {
    return new Run(what);
  }

  /** A trap without its act. */
  public static final class Setting {
    private final Faults faults;
    private final Predicate<StoreCall> concerns;
    private int nth = 1;
    private WriteMoment moment = WriteMoment.BEHIND;

    Setting(Faults faults, Predicate<StoreCall> concerns) {
      this.faults = faults;
      this.concerns = concerns;
    }

    /** Not the first such write, but the n-th. */
    public Setting nth(int n) {
      nth = n;
      return this;
    }

    /** Before the store sees the write, and not behind it. */
    public Setting before() {
      moment = WriteMoment.BEFORE;
      return this;
    }

    /** Sets the trap. */
    public Trap then(Act act) {
      if (moment == WriteMoment.BEFORE && act instanceof LoseAnswer) {
        throw new IllegalArgumentException("an answer is lost behind a write, not before it");
      }
      var trap = new Trap(concerns, nth, moment, act);
      faults.set(trap);
      return trap;
    }
  }

  private final Predicate<StoreCall> concerns;
  private final WriteMoment moment;
  private final Act act;
  private final CompletableFuture<StoreCall> sprung = new CompletableFuture<>();

  // under the faults' lock
  private int left;

  private Trap(Predicate<StoreCall> concerns, int nth, WriteMoment moment, Act act) {
    this.concerns = concerns;
    this.left = nth;
    this.moment = moment;
    this.act = act;
  }

  Act act() {
    return act;
  }

  /** Counts a write; whether it is the one. The caller holds the faults' lock. */
  boolean meets(WriteMoment now, StoreCall call) {
    return left > 0 && now == moment && concerns.test(call) && --left == 0;
  }

  /** What it was set for has happened. */
  void spring(StoreCall call) {
    sprung.complete(call);
  }

  /** The test's own act failed: {@link #await} says so. */
  void fail(Throwable problem) {
    sprung.completeExceptionally(problem);
  }

  public boolean isSprung() {
    return sprung.isDone();
  }

  /**
   * Waits until it has happened, and tells with which write.
   *
   * @throws IllegalStateException if {@code limit} passed before
   */
  public StoreCall await(Duration limit) throws InterruptedException {
    try {
      return sprung.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw new IllegalStateException("no such write within " + limit);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the trap's own act failed", e.getCause());
    }
  }
}
