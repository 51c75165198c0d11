package io.streamer.worker.stream;

import io.streamer.worker.aws.NotInvokedException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The invocations that one batch asks for, begun in its order and made side by side: one takes
 * about 20 ms, and a shard's next batch waits. For one thread; the invocations have their own.
 */
public final class JobInvocations {
  private static final Logger log = LoggerFactory.getLogger(JobInvocations.class);

  /** Invocations at the same time. */
  private static final int LANES = 32;

  private final Semaphore lanes = new Semaphore(LANES);
  private final AtomicReference<@Nullable Failure> first = new AtomicReference<>();
  private final AtomicInteger failures = new AtomicInteger();
  private int begun;

  private record Failure(int place, String number, RuntimeException why) {}

  /**
   * Begins one, as soon as there is a lane.
   *
   * @param number the record that asks for it
   */
  public void begin(String number, Runnable invocation) {
    lanes.acquireUninterruptibly();
    int place = begun++;
    Thread.ofVirtual()
        .name("invoke-" + number)
        .start(() -> {
          try {
            invocation.run();
          } catch (RuntimeException e) {
            failed(new Failure(place, number, e));
          } finally {
            lanes.release();
          }
        });
  }

  /** Whether one has failed by now: what stands behind it is sent again anyway. */
  public boolean failed() {
    return first.get() != null;
  }

  /**
   * Waits for all; the record of the first that failed, by their order. All that failed are one
   * line of the log: while nothing can be invoked they are many.
   */
  public Optional<String> firstFailed() {
    lanes.acquireUninterruptibly(LANES);
    var failure = first.get();
    if (failure == null) {
      return Optional.empty();
    }
    // what Lambda says is enough; anything else is a fault of ours
    var trace = failure.why() instanceof NotInvokedException ? null : failure.why();
    log.error(
        "record {} and {} behind it could not be handed on: {}",
        failure.number(),
        failures.get() - 1,
        failure.why().toString(),
        trace);
    return Optional.of(failure.number());
  }

  private void failed(Failure failure) {
    failures.incrementAndGet();
    first.accumulateAndGet(
        failure, (one, other) -> one == null || other.place() < one.place() ? other : one);
  }
}
