package io.streamer.soak.bench;

import io.streamer.soak.bench.load.Side;
import io.streamer.soak.bench.server.BenchOptions;
import io.streamer.soak.bench.server.Server;
import io.streamer.soak.bench.stub.SignalSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Gateways of one build that send metrics and traces or do not, to a sink on this machine. Two of
 * them do not: what those two differ by is the noise of the run.
 */
final class SignalSides implements AutoCloseable {
  /** Of the one that the others are compared with. */
  static final String OFF = "off";

  private final SignalSink sink;
  private final List<Server> servers = new ArrayList<>();

  private SignalSides(SignalSink sink) {
    this.sink = sink;
  }

  static SignalSides start(BenchOptions options, Map<String, String> settings) throws IOException {
    var all = new SignalSides(SignalSink.start());
    try {
      for (var kind : kinds(all.sink.address().toString()).entrySet()) {
        var own = new HashMap<>(settings);
        own.putAll(kind.getValue());
        all.servers.add(Server.gateway("-" + kind.getKey(), options.packed(), options, own));
      }
      return all;
    } catch (Throwable e) {
      all.close();
      throw e;
    }
  }

  private static SequencedMap<String, Map<String, String>> kinds(String sink) {
    var kinds = new LinkedHashMap<String, Map<String, String>>();
    kinds.put(OFF, Map.of());
    kinds.put("off-again", Map.of());
    kinds.put(
        "metrics",
        Map.of("STREAMER_METRICS_NAMESPACE", "Bench", "AWS_ENDPOINT_URL_CLOUDWATCH", sink));
    kinds.put("traces", Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", sink));
    kinds.put(
        "traces-all", Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", sink, "STREAMER_TRACES_RATIO", "1"));
    return kinds;
  }

  /** Those of an action, in the order in which they are compared. */
  List<Side> of(String action) {
    return servers.stream()
        .flatMap(server -> server.sides().stream())
        .filter(side -> side.action().equals(action))
        .toList();
  }

  @Override
  public void close() throws IOException {
    try {
      for (var server : servers) {
        server.close();
      }
    } finally {
      sink.close();
    }
  }
}
