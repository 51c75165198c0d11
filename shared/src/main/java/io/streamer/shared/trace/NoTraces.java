package io.streamer.shared.trace;

import io.streamer.shared.job.Job;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Nothing is traced. */
final class NoTraces implements Traces {
  @Override
  public Span request(String action, @Nullable String traceparent) {
    return Span.NONE;
  }

  @Override
  public Span of(SpanName name, String action, Optional<String> parent) {
    return Span.NONE;
  }

  @Override
  public Span run(Job claimed, Optional<String> parent, Optional<String> lambda) {
    return Span.NONE;
  }

  @Override
  public Span start(Job due) {
    return Span.NONE;
  }

  @Override
  public void shareWithProcess() {}

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
