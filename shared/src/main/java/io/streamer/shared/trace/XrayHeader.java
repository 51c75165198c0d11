package io.streamer.shared.trace;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * X-Ray's trace header (its developer guide, "Tracing header"): {@code
 * Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1}.
 */
final class XrayHeader {
  private static final int MOST = 512;
  private static final int ROOT = 35;

  private XrayHeader() {}

  /** What it names; null if that is no span. */
  static @Nullable SpanContext context(String header) {
    if (header.length() > MOST) {
      return null;
    }
    var fields = new HashMap<String, String>();
    for (var field : header.split(";", -1)) {
      var parts = field.strip().split("=", 2);
      if (parts.length == 2) {
        fields.put(parts[0], parts[1]);
      }
    }
    var root = fields.getOrDefault("Root", "");
    if (root.length() != ROOT || !root.startsWith("1-") || root.charAt(10) != '-') {
      return null;
    }
    var trace = root.substring(2, 10) + root.substring(11);
    var span = fields.getOrDefault("Parent", "");
    if (!TraceId.isValid(trace) || !SpanId.isValid(span)) {
      return null;
    }
    return SpanContext.createFromRemoteParent(
        trace,
        span,
        "1".equals(fields.get("Sampled")) ? TraceFlags.getSampled() : TraceFlags.getDefault(),
        TraceState.getDefault());
  }
}
