package io.streamer.shared.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/**
 * For spans that begin a trace. Ours were chosen before they were made, so that those that are not
 * cost nothing; what a user's code begins by itself goes by the ratio.
 */
final class OwnRoots implements Sampler {
  private static final AttributeKey<String> OURS =
      AttributeKey.stringKey(SpanAttribute.ACTION.title());

  private final Sampler others;

  OwnRoots(double ratio) {
    this.others = Sampler.traceIdRatioBased(ratio);
  }

  @Override
  public SamplingResult shouldSample(
      Context parent,
      String traceId,
      String name,
      SpanKind kind,
      Attributes attributes,
      List<LinkData> links) {
    return attributes.get(OURS) != null
        ? SamplingResult.recordAndSample()
        : others.shouldSample(parent, traceId, name, kind, attributes, links);
  }

  @Override
  public String getDescription() {
    return "OwnRoots{" + others.getDescription() + "}";
  }
}
