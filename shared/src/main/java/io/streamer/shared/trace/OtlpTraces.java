package io.streamer.shared.trace;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spans for a collector, by OpenTelemetry's SDK and OTLP over HTTP. What has ended waits in a queue
 * for a thread that sends it, a second's worth at a time; what finds no room there is dropped.
 */
final class OtlpTraces implements Traces {
  private static final Logger LOG = LoggerFactory.getLogger(Traces.class);

  private static final String PATH = "/v1/traces";

  /** Spans that wait: about 2 MB. */
  private static final int MOST_WAITING = 2_048;

  private static final int MOST_AT_ONCE = 512;
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** An export, tries again included. */
  private static final Duration EXPORT = Duration.ofSeconds(5);

  private static final Duration FLUSH = Duration.ofMillis(500);
  private static final Duration CLOSE = Duration.ofSeconds(1);

  private static final Map<SpanAttribute, AttributeKey<String>> KEYS =
      Arrays.stream(SpanAttribute.values())
          .collect(
              Collectors.toUnmodifiableMap(
                  attribute -> attribute, attribute -> AttributeKey.stringKey(attribute.title())));

  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final HolderIds ids;
  private final Sampling sampling;

  private OtlpTraces(SdkTracerProvider provider, HolderIds ids, Sampling sampling) {
    this.provider = provider;
    this.tracer = provider.get("io.streamer");
    this.ids = ids;
    this.sampling = sampling;
  }

  static OtlpTraces open(TraceSettings settings, String service) {
    ExportLog.open();
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.endpoint().orElseThrow() + PATH)
            .setConnectTimeout(EXPORT)
            .setTimeout(EXPORT);
    settings.headers().forEach(exporter::addHeader);
    var batches =
        BatchSpanProcessor.builder(exporter.build())
            .setMaxQueueSize(MOST_WAITING)
            .setMaxExportBatchSize(MOST_AT_ONCE)
            .setScheduleDelay(EVERY)
            .setExporterTimeout(EXPORT)
            .build();
    var ids = new HolderIds();
    var resource =
        Resource.getDefault()
            .merge(Resource.create(Attributes.builder().put("service.name", service).build()));
    return new OtlpTraces(
        SdkTracerProvider.builder()
            .addSpanProcessor(batches)
            .setResource(resource)
            .setIdGenerator(ids)
            .setSampler(Sampler.parentBased(new OwnRoots(settings.ratio())))
            .build(),
        ids,
        new Sampling(settings.ratio(), System::nanoTime));
  }

  @Override
  public Span request(String action, @Nullable String traceparent) {
    var client = traceparent == null ? null : Traceparent.parse(traceparent);
    if (client != null) {
      return continued(client, SpanName.RECEIVE, action);
    }
    return sampling.chooses()
        ? begin(SpanName.RECEIVE, action, Context.root(), List.of())
        : new Unrecorded(ids);
  }

  /** Nothing is built of what nobody will see. */
  private Span continued(Traceparent parent, SpanName name, String action) {
    return parent.sampled()
        ? begin(name, action, below(parent), List.of())
        : new Unrecorded(ids, parent);
  }

  @Override
  public Span of(SpanName name, String action, Optional<String> parent) {
    return parent
        .map(Traceparent::parse)
        .map(known -> continued(known, name, action))
        .orElse(Span.NONE);
  }

  @Override
  public Span run(Job claimed, Optional<String> parent, Optional<String> lambda) {
    var from = parent.or(claimed::traceparent).map(Traceparent::parse);
    if (from.isEmpty()) {
      return Span.NONE;
    }
    if (!from.get().sampled()) {
      return new Unrecorded(ids, from.get());
    }
    var before =
        claimed.epoch() > 1
            ? List.of(heldAt(claimed, claimed.epoch() - 1, from.get()))
            : List.<SpanContext>of();
    var links = new ArrayList<>(before);
    lambda.map(XrayHeader::context).ifPresent(links::add);
    ids.next(HolderIds.of(claimed, claimed.epoch()));
    var span = begin(SpanName.RUN, claimed.action(), below(from.get()), links);
    span.put(SpanAttribute.JOB, claimed.id().value());
    span.put(SpanAttribute.ATTEMPT, Integer.toString(claimed.attempt()));
    return span;
  }

  @Override
  public Span start(Job due) {
    var from = due.traceparent().map(Traceparent::parse);
    if (from.isEmpty()) {
      return Span.NONE;
    }
    if (!from.get().sampled()) {
      return new Unrecorded(ids, from.get());
    }
    var held = due.status() == JobStatus.RUNNING || due.status() == JobStatus.RETRYING;
    var span =
        begin(
            SpanName.START,
            due.action(),
            below(from.get()),
            held ? List.of(heldAt(due, due.epoch(), from.get())) : List.of());
    span.put(SpanAttribute.JOB, due.id().value());
    span.put(SpanAttribute.STATUS, due.status().wire());
    return span;
  }

  private Span begin(SpanName name, String action, Context parent, List<SpanContext> links) {
    var builder =
        tracer
            .spanBuilder(name.title() + " " + action)
            .setParent(parent)
            .setSpanKind(kind(name.kind()))
            .setAttribute(key(SpanAttribute.ACTION), action);
    links.forEach(builder::addLink);
    return new OtelSpan(builder.startSpan());
  }

  private static SpanKind kind(SpanName.Kind kind) {
    return switch (kind) {
      case INTERNAL -> SpanKind.INTERNAL;
      case SERVER -> SpanKind.SERVER;
      case CLIENT -> SpanKind.CLIENT;
      case PRODUCER -> SpanKind.PRODUCER;
      case CONSUMER -> SpanKind.CONSUMER;
    };
  }

  private static AttributeKey<String> key(SpanAttribute attribute) {
    return Objects.requireNonNull(KEYS.get(attribute));
  }

  private static SpanContext heldAt(Job job, long epoch, Traceparent trace) {
    return new Traceparent(trace.traceId(), HolderIds.of(job, epoch), trace.sampled()).context();
  }

  private static Context below(Traceparent parent) {
    return Context.root().with(io.opentelemetry.api.trace.Span.wrap(parent.context()));
  }

  @Override
  public void shareWithProcess() {
    var ours =
        new OpenTelemetry() {
          @Override
          public TracerProvider getTracerProvider() {
            return provider;
          }

          @Override
          public ContextPropagators getPropagators() {
            return ContextPropagators.create(W3CTraceContextPropagator.getInstance());
          }
        };
    try {
      GlobalOpenTelemetry.set(ours);
    } catch (IllegalStateException _) {
      // by an agent, say
      LOG.info("OpenTelemetry is set up already: spans of handlers' own go where that says");
    }
  }

  @Override
  public void flush() {
    var _ = provider.forceFlush().join(FLUSH.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    var _ = provider.shutdown().join(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** One of them. */
  private final class OtelSpan implements Span {
    private final io.opentelemetry.api.trace.Span span;

    private OtelSpan(io.opentelemetry.api.trace.Span span) {
      this.span = span;
    }

    @Override
    public Optional<String> traceparent(Optional<String> given) {
      var context = span.getSpanContext();
      return Optional.of(
          new Traceparent(context.getTraceId(), context.getSpanId(), context.isSampled()).text());
    }

    @Override
    public Span child(SpanName name, String action) {
      return begin(name, action, Context.root().with(span), List.of());
    }

    @Override
    public void put(SpanAttribute attribute, String value) {
      var _ = span.setAttribute(key(attribute), value);
    }

    @Override
    public void failed(String type) {
      var _ = span.setStatus(StatusCode.ERROR);
      put(SpanAttribute.ERROR, type);
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // by whoever asked for it
    public Scope current() {
      return Context.root().with(span).makeCurrent()::close;
    }

    @Override
    public void end() {
      span.end();
    }
  }
}
