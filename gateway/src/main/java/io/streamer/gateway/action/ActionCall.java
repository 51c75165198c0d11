package io.streamer.gateway.action;

import io.streamer.handler.Caller;
import io.streamer.handler.FileWriter;
import io.streamer.handler.RawJson;
import io.streamer.handler.StoredFile;
import io.streamer.shared.action.BoundedRun;
import io.streamer.shared.action.Stopped;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.trace.Span;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request to an action. The request itself never changes; where its run stands is written by the
 * action's thread and read by the connection's, each field at once.
 */
public final class ActionCall {
  private final Caller caller;
  private final String id;
  private final RawJson payload;
  private final Map<String, String> metadata;
  private final Traced traced;
  private final Duration threshold;
  private final Blobs blobs;
  private final LongSupplier nanoTime;

  private long startedAt;
  // behind the time of its start
  private volatile boolean running;
  private volatile @Nullable Report newest;
  private volatile @Nullable Run run;
  // the next two by whoever holds this call's lock
  private @Nullable Thread thread;
  private boolean over;

  /**
   * The trace of a request.
   *
   * @param span of its receipt
   * @param given the client's own traceparent, as it came
   */
  public record Traced(Span span, Optional<String> given) {
    /** In no trace. */
    public static final Traced NOT = new Traced(Span.NONE, Optional.empty());

    /**
     * The trace of a request.
     *
     * @param given the client's own traceparent, as it came; null if there is none
     */
    public static Traced of(Span span, @Nullable String given) {
      return span.equals(Span.NONE) && given == null
          ? NOT
          : new Traced(span, Optional.ofNullable(given));
    }

    /** What names it to whoever goes on with the request. */
    public Optional<String> traceparent() {
      return span.traceparent(given);
    }
  }

  /** What a caller asks of an action. */
  public record Asked(
      Caller caller, String id, RawJson payload, Map<String, String> metadata, Traced traced) {}

  ActionCall(Asked asked, Duration threshold, Blobs blobs, LongSupplier nanoTime) {
    this.caller = asked.caller();
    this.id = asked.id();
    this.payload = asked.payload();
    this.metadata = Map.copyOf(asked.metadata());
    this.traced = asked.traced();
    this.threshold = threshold;
    this.blobs = blobs;
    this.nanoTime = nanoTime;
  }

  public Caller caller() {
    return caller;
  }

  public String id() {
    return id;
  }

  public RawJson payload() {
    return payload;
  }

  /** Its trace. */
  public Traced traced() {
    return traced;
  }

  /** The longest estimate that is answered on the spot. */
  public Duration threshold() {
    return threshold;
  }

  /** Whether it was found short enough and its handler was called. */
  boolean running() {
    return running;
  }

  /** When its handler was called, by the time that it was given; told once it runs. */
  long startedAt() {
    return startedAt;
  }

  /** The newest progress the handler reported. */
  public @Nullable Report newest() {
    return newest;
  }

  public Map<String, String> annotations() {
    var started = run;
    return started == null ? Map.of() : started.annotations();
  }

  /** The user's code for it runs on this thread. */
  synchronized void on(Thread users) {
    thread = users;
  }

  /**
   * Its handler is called now.
   *
   * @param deadline when the handler's time is up
   * @return the handler's side of this call
   * @throws Stopped if nobody waits for its answer any more
   */
  BoundedRun start(Instant deadline) {
    return start(deadline, traced.span());
  }

  /**
   * The same, with a span of the handler's own.
   *
   * @throws Stopped if nobody waits for its answer any more
   */
  synchronized BoundedRun start(Instant deadline, Span handling) {
    if (over) {
      throw new Stopped();
    }
    var started = new Run(deadline, handling);
    run = started;
    startedAt = nanoTime.getAsLong();
    running = true;
    return started;
  }

  /** Tells the handler that nobody wants its answer any more, and interrupts it. */
  public void cancel() {
    end(BoundedRun::cancel);
  }

  /** Its time is up: the same, and nobody has cancelled it. */
  void timeOut() {
    end(BoundedRun::end);
  }

  private synchronized void end(Consumer<BoundedRun> how) {
    over = true;
    var started = run;
    if (started != null) {
      how.accept(started);
    }
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Whether nobody waits for its answer any more. */
  synchronized boolean over() {
    return over;
  }

  private final class Run extends BoundedRun {
    private final Span handling;

    Run(Instant deadline, Span handling) {
      super(id, 1, caller, deadline, metadata);
      this.handling = handling;
    }

    @Override
    public Optional<String> traceparent() {
      return handling.traceparent(traced.given());
    }

    @Override
    protected void reported(double percentage, String message) {
      newest = new Report(percentage, message);
    }

    @Override
    protected StoredFile store(String name, String contentType, FileWriter writer)
        throws Exception {
      if (Context.isOnEventLoopThread()) {
        throw new IllegalStateException("Run.file blocks: call it within Vertx.executeBlocking");
      }
      return blobs.file(caller.tenant(), name, contentType, writer);
    }
  }
}
