package io.streamer.local.lambda;

import io.streamer.local.aws.DeadLetters;
import io.streamer.local.aws.LocalAws;
import io.streamer.local.aws.Timekeeper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asynchronous events: each is tried until its function returned, failed too often or the event is
 * too old. Throttles and errors of the endpoint repeat it after 1 s, doubling up to 5 minutes;
 * function errors after 1 minute, then 2 (the developer guide's "Asynchronous invocation").
 */
final class EventQueue {
  private static final Logger LOG = LoggerFactory.getLogger(EventQueue.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** Why an event was given up. */
  private enum Condition {
    RETRIES_EXHAUSTED("RetriesExhausted"),
    EVENT_AGE_EXCEEDED("EventAgeExceeded");

    private final String written;

    Condition(String written) {
      this.written = written;
    }
  }

  /**
   * An event and what it went through.
   *
   * @param throttled how often in a row there was no place for it
   */
  private record Waiting(
      Function function,
      String requestId,
      Buffer event,
      Instant since,
      int runs,
      int throttled,
      Optional<Buffer> failure) {

    Waiting throttledAgain() {
      return new Waiting(function, requestId, event, since, runs, throttled + 1, failure);
    }

    Waiting failedWith(Buffer body) {
      return new Waiting(function, requestId, event, since, runs + 1, 0, Optional.of(body));
    }

    Instant expiry() {
      return since.plus(function.settings().maximumAge());
    }
  }

  private final Invocations invocations;
  private final Timekeeper time;
  private final int maxWaiting;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean closed;

  EventQueue(Invocations invocations, Timekeeper time, int maxWaiting) {
    this.invocations = invocations;
    this.time = time;
    this.maxWaiting = maxWaiting;
  }

  /** Takes an event; false if too many are under way. */
  boolean add(Function function, String requestId, Buffer event) {
    if (waiting.getAndUpdate(count -> Math.min(maxWaiting, count + 1)) >= maxWaiting) {
      return false;
    }
    var first = new Waiting(function, requestId, event, time.now(), 0, 0, Optional.empty());
    invocations.reserve();
    attempt(first);
    return true;
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
      giveUp(event, Condition.EVENT_AGE_EXCEEDED);
      return;
    }
    var admission =
        invocations.start(
            event.function(), event.requestId(), event.event(), result -> ended(event, result));
    if (admission != Invocations.Admission.STARTED) {
      var again = event.throttledAgain();
      later(again, doubled(again.throttled()));
    }
  }

  private void ended(Waiting event, FunctionResult result) {
    switch (result) {
      case FunctionResult.Returned _ -> {
        LOG.debug("{} {} ended", event.function().name(), event.requestId());
        over();
      }
      case FunctionResult.Failed(var problem) -> {
        LOG.warn("{} {} failed: {}", event.function().name(), event.requestId(), problem);
        var failed = event.failedWith(problem);
        if (failed.runs() > event.function().settings().retries()) {
          giveUp(failed, Condition.RETRIES_EXHAUSTED);
        } else {
          later(failed, Duration.ofMinutes(failed.runs()));
        }
      }
    }
  }

  /** At the end of its age at the latest, because then it is given up. */
  private void later(Waiting event, Duration pause) {
    var next = time.now().plus(pause);
    time.at(
        next.isBefore(event.expiry()) ? next : event.expiry(),
        () -> Thread.ofVirtual().name("lambda-event").start(() -> attempt(event)));
  }

  private void giveUp(Waiting event, Condition condition) {
    LOG.warn(
        "{} {} was given up: {}", event.function().name(), event.requestId(), condition.written);
    event.function().deadLetters().add(document(event, condition).encode());
    over();
  }

  private JsonObject document(Waiting event, Condition condition) {
    var document =
        new JsonObject()
            .put("version", "1.0")
            .put("timestamp", DeadLetters.timestamp(time.now()))
            .put(
                "requestContext",
                new JsonObject()
                    .put("requestId", event.requestId())
                    .put(
                        "functionArn",
                        LocalAws.functionArn(event.function().name()) + ":" + LambdaContext.VERSION)
                    .put("condition", condition.written)
                    .put("approximateInvokeCount", event.runs()))
            .put("requestPayload", Json.decodeValue(event.event()));
    event
        .failure()
        .ifPresent(body ->
            document
                .put(
                    "responseContext",
                    new JsonObject()
                        .put("statusCode", 200)
                        .put("executedVersion", LambdaContext.VERSION)
                        .put("functionError", "Unhandled"))
                .put("responsePayload", Json.decodeValue(body)));
    return document;
  }

  private void over() {
    waiting.decrementAndGet();
    invocations.release();
  }

  private static Duration doubled(int times) {
    var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(times - 1, 10));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }
}
