package io.streamer.system;

import static java.util.stream.Collectors.joining;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.streamer.testtools.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Takes spans as a collector does, by OTLP over HTTP, and keeps them. */
final class OtlpReceiver implements AutoCloseable {
  private static final String SERVICE = "service.name";

  private final HttpServer server;
  private final List<Recorded> spans = new CopyOnWriteArrayList<>();
  private final List<String> headers = new CopyOnWriteArrayList<>();

  /** A span as it came; times in epoch nanoseconds. */
  record Recorded(
      String service,
      String trace,
      String id,
      String parent,
      String name,
      String kind,
      long start,
      long end,
      boolean failed,
      Map<String, String> attributes,
      List<String> links) {

    String job() {
      return attributes.getOrDefault("streamer.job", "");
    }
  }

  private OtlpReceiver(HttpServer server) {
    this.server = server;
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  static OtlpReceiver start() throws IOException {
    return new OtlpReceiver(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
  }

  /** As the setting has it. */
  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** All so far. */
  List<Recorded> spans() {
    return spans;
  }

  /** The values of the header {@code x-team}. */
  List<String> teams() {
    return headers;
  }

  List<Recorded> ofTrace(String trace) {
    return spans.stream().filter(span -> span.trace().equals(trace)).toList();
  }

  /** The spans of a trace, once they have these names and no others. */
  Map<String, Recorded> awaitTrace(String trace, String... names) {
    var wanted = List.of(names).stream().sorted().toList();
    var all =
        Until.matches(
            "a trace of " + wanted,
            () -> ofTrace(trace),
            found -> found.stream().map(Recorded::name).sorted().toList().equals(wanted));
    return all.stream().collect(Collectors.toMap(Recorded::name, span -> span));
  }

  /** All that attributes and resources say, for what must not be there. */
  static String said(Collection<Recorded> spans) {
    return spans.stream()
        .map(span -> span.name() + span.attributes() + span.service())
        .collect(joining());
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      var team = exchange.getRequestHeaders().getFirst("x-team");
      if (team != null) {
        headers.add(team);
      }
      ExportTraceServiceRequest.parseFrom(exchange.getRequestBody())
          .getResourceSpansList()
          .forEach(this::keep);
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void keep(ResourceSpans some) {
    var service = values(some.getResource().getAttributesList()).get(SERVICE);
    for (var scope : some.getScopeSpansList()) {
      scope.getSpansList().forEach(span -> spans.add(recorded(service, span)));
    }
  }

  private static Recorded recorded(String service, Span span) {
    return new Recorded(
        service,
        hex(span.getTraceId()),
        hex(span.getSpanId()),
        hex(span.getParentSpanId()),
        span.getName(),
        span.getKind().name().replace("SPAN_KIND_", ""),
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR,
        values(span.getAttributesList()),
        span.getLinksList().stream()
            .map(link -> hex(link.getTraceId()) + "-" + hex(link.getSpanId()))
            .toList());
  }

  private static Map<String, String> values(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(Collectors.toMap(KeyValue::getKey, each -> each.getValue().getStringValue()));
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
