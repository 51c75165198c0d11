package io.streamer.gateway.signal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.signal.Metric;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignalsTest {
  /** What CloudWatch is sent for a timer: count, sum, average and the largest. */
  private static final int SERIES_OF_A_TIMER = 4;

  @Test
  void aNamespaceHasThemSentToCloudWatch() throws Exception {
    var bodies = new ConcurrentLinkedQueue<String>();
    var cloudWatch =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cloudWatch.createContext(
        "/",
        exchange -> {
          try (exchange) {
            bodies.add(text(exchange.getRequestBody().readAllBytes()));
            exchange.getResponseHeaders().set("smithy-protocol", "rpc-v2-cbor");
            exchange.sendResponseHeaders(200, -1);
          }
        });
    cloudWatch.start();
    try {
      var address = "http://127.0.0.1:" + cloudWatch.getAddress().getPort();
      try (var signals = new Signals(Optional.of("Shop/Streamer"), aws(address))) {
        allOf(signals.meters());
      }
    } finally {
      cloudWatch.stop(0);
    }
    assertThat(String.join("", bodies))
        .contains("Shop/Streamer", "streamer.sockets", "streamer.heap", "Service", "gateway")
        .doesNotContain("jvm.", "streamer.store.time");
  }

  private static String text(byte[] body) throws IOException {
    boolean packed = body.length > 1 && body[0] == 0x1f && (body[1] & 0xff) == 0x8b;
    return packed
        ? new String(new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes(), ISO_8859_1)
        : new String(body, ISO_8859_1);
  }

  @Test
  void withoutANamespaceThereIsThePageAlone() {
    try (var signals = new Signals(Optional.empty(), aws("http://127.0.0.1:1"))) {
      signals.meters().counter(Metric.PUSHES, "gone").increment(3);
      assertThat(signals.page())
          .contains("streamer_pushes_total{outcome=\"gone\"} 3.0", "jvm_memory_used_bytes");
    }
  }

  /** Each costs by the month: docs/monitoring.md says how much these are. */
  @Test
  void cloudWatchIsSentTwentyThreeSeries() {
    var registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, new MockClock());
    CloudWatch.restrict(registry);
    allOf(new Meters(registry));
    registry.counter("jvm.memory.used");
    int series =
        registry.getMeters().stream()
            .mapToInt(meter -> meter instanceof Timer ? SERIES_OF_A_TIMER : 1)
            .sum();
    assertThat(series).isEqualTo(23);
    assertThat(registry.getMeters())
        .extracting(Meter::getId)
        .allSatisfy(id -> assertThat(id.getTag("Service")).isEqualTo("gateway"));
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void aLabelHasTheListedValuesAlone(Metric metric) {
    assertThatThrownBy(() -> Meters.unread().counter(metric, "a-tenant"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a-tenant");
  }

  private static void allOf(Meters meters) {
    for (var metric : Metric.values()) {
      switch (metric.kind()) {
        case GAUGE -> meters.gauge(metric, () -> 1);
        case TIMER -> meters.timer(metric);
        case COUNTER ->
            metric.labelValues().forEach(value -> meters.counter(metric, value).increment());
        case LINE -> {}
      }
    }
  }

  private static AwsSettings aws(String cloudWatch) {
    return AwsSettings.read(
        new Environment(
            Map.of(
                "AWS_REGION",
                "eu-west-1",
                "AWS_ACCESS_KEY_ID",
                "id",
                "AWS_SECRET_ACCESS_KEY",
                "secret",
                "AWS_ENDPOINT_URL_CLOUDWATCH",
                cloudWatch)));
  }
}
