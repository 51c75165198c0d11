package io.streamer.shared.trace;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code traceparent} of W3C Trace Context: {@code version-trace-span-flags} in
 * lower-case hexadecimal. A wrong one is no error: its request begins a trace of its own.
 *
 * @param traceId 32 digits, not all of them 0
 * @param spanId 16 digits, not all of them 0
 * @param sampled whether its trace is recorded
 */
record Traceparent(String traceId, String spanId, boolean sampled) {
  private static final int TRACE_AT = 3;
  private static final int SPAN_AT = 36;
  private static final int FLAGS_AT = 53;
  private static final int LENGTH = 55;

  /** What a later version may have behind what this one knows. */
  private static final int MOST = 256;

  /** Null if the text is none. */
  static @Nullable Traceparent parse(String text) {
    if (text.length() < LENGTH
        || text.length() > MOST
        || text.charAt(TRACE_AT - 1) != '-'
        || text.charAt(SPAN_AT - 1) != '-'
        || text.charAt(FLAGS_AT - 1) != '-') {
      return null;
    }
    var version = text.substring(0, TRACE_AT - 1);
    var trace = text.substring(TRACE_AT, SPAN_AT - 1);
    var span = text.substring(SPAN_AT, FLAGS_AT - 1);
    var flags = text.substring(FLAGS_AT, LENGTH);
    var rest = text.substring(LENGTH);
    if (!hex(version)
        || version.equals("ff")
        || !id(trace)
        || !id(span)
        || !hex(flags)
        || !(rest.isEmpty() || (!version.equals("00") && rest.startsWith("-")))) {
      return null;
    }
    return new Traceparent(trace, span, (Integer.parseInt(flags, 16) & 1) == 1);
  }

  private static boolean id(String text) {
    return hex(text) && text.chars().anyMatch(c -> c != '0');
  }

  private static boolean hex(String text) {
    return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /** What OpenTelemetry calls it. */
  SpanContext context() {
    return SpanContext.createFromRemoteParent(
        traceId,
        spanId,
        sampled ? TraceFlags.getSampled() : TraceFlags.getDefault(),
        TraceState.getDefault());
  }

  /** As the header has it. */
  String text() {
    return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }
}
