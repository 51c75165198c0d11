package io.streamer.shared.trace;

import io.streamer.shared.job.Job;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a process's spans come from. No call blocks but those that say so, and none fails: what
 * cannot be exported is dropped.
 */
public interface Traces extends AutoCloseable {

  /** None at all. */
  Traces NONE = new NoTraces();

  /**
   * As the settings want them: without an endpoint, {@link #NONE}.
   *
   * @param service the process's name in its traces
   */
  static Traces of(TraceSettings settings, String service) {
    // OpenTelemetry's classes are loaded behind this call alone
    return settings.endpoint().isPresent() ? OtlpTraces.open(settings, service) : NONE;
  }

  /**
   * A request's first span. Here alone is decided whether a trace is recorded: as the client says,
   * or by the ratio of the settings if it says nothing.
   *
   * @param traceparent the client's; one that is not well formed counts as none
   */
  Span request(String action, @Nullable String traceparent);

  /**
   * A span of a job's trace.
   *
   * @param parent from its row, or from whoever handed it on; without one there is no span
   */
  Span of(SpanName name, String action, Optional<String> parent);

  /**
   * The run of whoever holds the job at its epoch. Its id follows from the job and the epoch, so
   * that others can name it who have only seen the row: a holder that was killed has told nobody.
   *
   * @param parent from whoever handed it on, else from the row
   * @param lambda Lambda's own trace header, if the run is within one
   */
  Span run(Job claimed, Optional<String> parent, Optional<String> lambda);

  /** The start of a job that stood in {@code due}, as it stood there. */
  Span start(Job due);

  /**
   * Has the spans of this process that other libraries make by OpenTelemetry's API go the same way.
   * Once in a process, by whoever owns it.
   */
  void shareWithProcess();

  /** Sends what has ended; blocks for half a second at most. */
  void flush();

  /** Sends what has ended and takes no more; blocks for a second at most. */
  @Override
  void close();
}
