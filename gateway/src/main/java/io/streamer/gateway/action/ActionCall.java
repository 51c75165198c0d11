package io.streamer.gateway.action;

import io.streamer.handler.Caller;
import io.streamer.handler.FileWriter;
import io.streamer.handler.RawJson;
import io.streamer.handler.StoredFile;
import io.streamer.shared.action.BoundedRun;
import io.streamer.shared.action.Stopped;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.job.Reports.Report;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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

  ActionCall(
      Caller caller,
      String id,
      RawJson payload,
      Map<String, String> metadata,
      Duration threshold,
      Blobs blobs,
      LongSupplier nanoTime) {
    this.caller = caller;
    this.id = id;
    this.payload = payload;
    this.metadata = Map.copyOf(metadata);
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

  public Map<String, String> metadata() {
    return metadata;
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

  /** The thread of the user's code; null before, and where it has none of its own. */
  synchronized @Nullable Thread thread() {
    return thread;
  }

  /**
   * Its handler is called now.
   *
   * @param deadline when the handler's time is up
   * @return the handler's side of this call
   * @throws Stopped if nobody waits for its answer any more
   */
  synchronized BoundedRun start(Instant deadline) {
    if (over) {
      throw new Stopped();
    }
    var started = new Run(deadline);
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
    Run(Instant deadline) {
      super(id, 1, caller, deadline, metadata);
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
