package io.streamer.gateway.action;

import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.Reports.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way through an action's verticle. The request itself never changes; where its
 * run stands is written by the action's thread and read by the connection's, each field at once.
 */
public final class ActionCall {
  private final Caller caller;
  private final String id;
  private final RawJson payload;
  private final Map<String, String> metadata;
  private final Duration threshold;

  private volatile boolean running;
  private volatile @Nullable Report newest;
  private volatile Map<String, String> annotations = Map.of();

  /**
   * A call.
   *
   * @param threshold the longest estimate that is answered on the spot
   */
  public ActionCall(
      Caller caller, String id, RawJson payload, Map<String, String> metadata, Duration threshold) {
    this.caller = caller;
    this.id = id;
    this.payload = payload;
    this.metadata = Map.copyOf(metadata);
    this.threshold = threshold;
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

  public Duration threshold() {
    return threshold;
  }

  /** Whether it was found short enough and its handler was called. */
  public boolean running() {
    return running;
  }

  /** The newest progress the handler reported. */
  public @Nullable Report newest() {
    return newest;
  }

  public Map<String, String> annotations() {
    return annotations;
  }

  void started() {
    running = true;
  }

  /** The handler's side of this call. */
  io.streamer.handler.Run run(Instant deadline) {
    return new Run(deadline);
  }

  private final class Run implements io.streamer.handler.Run {
    private static final int MAX_ANNOTATIONS = 16;
    private static final int MAX_KEY = 64;
    private static final int MAX_VALUE = 256;
    private static final int MAX_MESSAGE = 200;

    private final Instant deadline;

    Run(Instant deadline) {
      this.deadline = deadline;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public Caller caller() {
      return caller;
    }

    @Override
    public Instant deadline() {
      return deadline;
    }

    @Override
    public Map<String, String> metadata() {
      return metadata;
    }

    @Override
    public void annotate(String key, String value) {
      if (key.isEmpty() || key.length() > MAX_KEY || value.length() > MAX_VALUE) {
        throw new IllegalArgumentException(
            "an annotation has a key of 1 to 64 and a value of at most 256 characters");
      }
      // a handler may report from several threads of its own
      synchronized (ActionCall.this) {
        var after = new TreeMap<>(annotations);
        after.put(key, value);
        if (after.size() > MAX_ANNOTATIONS) {
          throw new IllegalArgumentException("a run has at most 16 annotations");
        }
        annotations = Map.copyOf(after);
      }
    }

    @Override
    public void progress(double percentage, String message) {
      if (Double.isNaN(percentage)) {
        throw new IllegalArgumentException("percentage is not a number");
      }
      var text = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
      newest = new Report(percentage, text);
    }
  }
}
