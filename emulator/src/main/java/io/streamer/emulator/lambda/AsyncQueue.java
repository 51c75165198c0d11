package io.streamer.emulator.lambda;

import io.streamer.emulator.aws.GrowingPauses;
import io.streamer.emulator.aws.Timekeeper;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asynchronous events: each waits until there is a place for its run or it is too old; what fails
 * is not repeated. Between tries pass 1 s, doubling up to 5 minutes (the developer guide's
 * "Asynchronous invocation").
 */
final class AsyncQueue {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncQueue.class);
  private static final GrowingPauses PAUSES =
      new GrowingPauses(Duration.ofSeconds(1), Duration.ofMinutes(5));

  private static final Duration QUIET = Duration.ofSeconds(10);

  /**
   * An event that waits.
   *
   * @param throttled how often there was no place for it
   */
  private record Waiting(
      Function function, String requestId, Buffer event, Instant expiry, int throttled) {
    Waiting throttledAgain() {
      return new Waiting(function, requestId, event, expiry, throttled + 1);
    }
  }

  private final Invocations invocations;
  private final Timekeeper time;
  private final int maxWaiting;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger givenUp = new AtomicInteger();
  private int tooOld;
  private Instant quietUntil = Instant.MIN;
  private volatile boolean closed;

  AsyncQueue(Invocations invocations, Timekeeper time, int maxWaiting) {
    this.invocations = invocations;
    this.time = time;
    this.maxWaiting = maxWaiting;
  }

  /** Takes an event; false if too many are under way. */
  boolean add(Function function, String requestId, Buffer event) {
    if (waiting.getAndUpdate(count -> Math.min(maxWaiting, count + 1)) >= maxWaiting) {
      return false;
    }
    var expiry = time.now().plus(function.settings().maximumAge());
    invocations.reserve();
    attempt(new Waiting(function, requestId, event, expiry, 0));
    return true;
  }

  /** How many events were given up: they failed or were too old. */
  int givenUp() {
    return givenUp.get();
  }

  /** Drops what waits, as its time comes. */
  void close() {
    closed = true;
  }

  private void attempt(Waiting event) {
    if (closed) {
      LOG.warn("{} {} was still waiting at the end", event.function().name(), event.requestId());
      over();
      return;
    }
    if (!time.now().isBefore(event.expiry())) {
      tellTooOld(event);
      giveUp();
      return;
    }
    var started =
        invocations.start(
            event.function(), event.requestId(), event.event(), result -> ended(event, result));
    if (!started) {
      later(event.throttledAgain());
    }
  }

  private void ended(Waiting event, FunctionResult result) {
    switch (result) {
      case FunctionResult.Returned _ -> {
        LOG.debug("{} {} ended", event.function().name(), event.requestId());
        over();
      }
      case FunctionResult.Failed(var problem) -> {
        LOG.warn(
            "{} {} was given up: {}",
            event.function().name(),
            event.requestId(),
            problem.toString());
        giveUp();
      }
    }
  }

  /** At the end of its age at the latest, because then it is given up. */
  private void later(Waiting event) {
    var next = time.now().plus(PAUSES.after(event.throttled()));
    time.at(
        next.isBefore(event.expiry()) ? next : event.expiry(),
        () -> Thread.ofVirtual().name("lambda-event").start(() -> attempt(event)));
  }

  /** A queue that is too long has many of them. */
  private synchronized void tellTooOld(Waiting event) {
    tooOld++;
    if (!time.now().isBefore(quietUntil)) {
      LOG.warn(
          "{} {} and {} others were given up: they are too old",
          event.function().name(),
          event.requestId(),
          tooOld - 1);
      tooOld = 0;
      quietUntil = time.now().plus(QUIET);
    }
  }

  private void giveUp() {
    givenUp.incrementAndGet();
    over();
  }

  private void over() {
    waiting.decrementAndGet();
    invocations.release();
  }
}
