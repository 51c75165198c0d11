package io.streamer.shared.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * In a trace that is not recorded: it is handed on, so that nobody begins one behind it. Most
 * requests are such, and few ask for its ids: they are made for those who do.
 */
final class Unrecorded implements Span {
  private final HolderIds ids;
  private @Nullable Traceparent trace;

  /** In a trace of its own. */
  Unrecorded(HolderIds ids) {
    this.ids = ids;
  }

  /** In a trace that came with a request or a job. */
  Unrecorded(HolderIds ids, Traceparent trace) {
    this.ids = ids;
    this.trace = trace;
  }

  private synchronized Traceparent trace() {
    var known = trace;
    if (known == null) {
      known = new Traceparent(ids.generateTraceId(), HolderIds.spanId(), false);
      trace = known;
    }
    return known;
  }

  @Override
  public Optional<String> traceparent(Optional<String> given) {
    return Optional.of(trace().text());
  }

  @Override
  public Span child(SpanName name, String action) {
    return this;
  }

  @Override
  public void put(SpanAttribute attribute, String value) {}

  @Override
  public void failed(String type) {}

  @Override
  @SuppressWarnings("MustBeClosedChecker") // by whoever asked for it
  public Scope current() {
    return Context.root().with(new Theirs()).makeCurrent()::close;
  }

  @Override
  public void end() {}

  /** The same for OpenTelemetry, whose own has its ids from the start. */
  private final class Theirs implements io.opentelemetry.api.trace.Span {
    @Override
    public SpanContext getSpanContext() {
      return trace().context();
    }

    @Override
    public boolean isRecording() {
      return false;
    }

    @Override
    public <T> Theirs setAttribute(AttributeKey<T> key, @Nullable T value) {
      return this;
    }

    @Override
    public Theirs addEvent(String name, Attributes attributes) {
      return this;
    }

    @Override
    public Theirs addEvent(String name, Attributes attributes, long at, TimeUnit unit) {
      return this;
    }

    @Override
    public Theirs setStatus(StatusCode status, String description) {
      return this;
    }

    @Override
    public Theirs recordException(Throwable thrown, Attributes attributes) {
      return this;
    }

    @Override
    public Theirs updateName(String name) {
      return this;
    }

    @Override
    public void end() {}

    @Override
    public void end(long at, TimeUnit unit) {}
  }
}
