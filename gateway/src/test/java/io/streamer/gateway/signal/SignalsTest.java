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
import io.streamer.shared.settings.SettingsException;
import io.streamer.shared.signal.Metric;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignalsTest {
  /** What CloudWatch is sent for a timer: count, sum, average and the largest. */
  private static final int SERIES_OF_A_TIMER = 4;

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  @Test
  void aNamespaceHasThemSentToCloudWatch() throws Exception {
    assertThat(sent("api"))
        .contains("Shop/Streamer", "streamer.sockets", "streamer.heap", "Service", "gateway")
        .doesNotContain("jvm.", "streamer.store.time");
    assertThat(lines).isEmpty();
  }

  /** Both at once would count everything twice. */
  @Test
  void asLinesTheyAreNotSentBesides() throws Exception {
    assertThat(sent("log")).isEmpty();
    assertThat(lines).isNotEmpty().allMatch(line -> line.contains("Shop/Streamer"));
    assertThat(String.join("", lines)).doesNotContain("jvm.", "streamer.store.time");
  }

  /** Dashboards and alarms ask for the same, whichever way it came. */
  @Test
  void linesSayWhatCallsSend() throws Exception {
    var calls = sent("api");
    sent("log");
    var series = lines.stream().map(JsonObject::new).flatMap(SignalsTest::series).toList();
    assertThat(series).hasSize(23).doesNotHaveDuplicates();
    assertThat(lines.stream().map(JsonObject::new).flatMap(SignalsTest::metrics))
        .allSatisfy(metric ->
            assertThat(calls).contains(metric.getString("Name"), metric.getString("Unit")));
  }

  /** What is sent to CloudWatch until a gateway has stopped. */
  private String sent(String transport) throws IOException {
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
      try (var signals = new Signals(settings(transport), aws(address), lines::add)) {
        allOf(signals.meters());
      }
    } finally {
      cloudWatch.stop(0);
    }
    return String.join("", bodies);
  }

  private static Stream<JsonObject> metrics(JsonObject line) {
    return directives(line).flatMap(it -> objects(it.getJsonArray("Metrics")));
  }

  /** Each metric with the values of its dimensions. */
  private static Stream<String> series(JsonObject line) {
    return directives(line)
        .flatMap(directive -> {
          var dimensions =
              directive.getJsonArray("Dimensions").getJsonArray(0).stream()
                  .map(name -> name + "=" + line.getString((String) name))
                  .toList();
          return objects(directive.getJsonArray("Metrics"))
              .map(metric -> metric.getString("Name") + dimensions);
        });
  }

  private static Stream<JsonObject> directives(JsonObject line) {
    return objects(line.getJsonObject("_aws").getJsonArray("CloudWatchMetrics"));
  }

  private static Stream<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast);
  }

  /** docs/cost.md says what they cost, by the size that they stay below. */
  @Test
  void aMinuteTakesEightLinesOfLessThanFourThousandBytes() {
    var clock = new MockClock();
    var registry = new MetricLines("Shop/Streamer", clock, lines::add);
    allOf(new Meters(registry));
    clock.add(Duration.ofMinutes(1));
    registry.publish();
    assertThat(lines).hasSize(8);
    assertThat(lines.stream().mapToInt(String::length).sum()).isLessThan(4_000);
  }

  @Test
  void aMinutesLinesHaveThatMinuteAlone() {
    var clock = new MockClock();
    var registry = new MetricLines("Shop/Streamer", clock, lines::add);
    var meters = new Meters(registry);
    var gone = meters.counter(Metric.PUSHES, "gone");
    var time = meters.timer(Metric.ANSWER_TIME);
    gone.increment(3);
    time.record(Duration.ofMillis(40));
    clock.add(Duration.ofMinutes(1));
    registry.publish();
    assertThat(lines)
        .singleElement()
        .satisfies(text -> {
          var line = new JsonObject(text);
          assertThat(line.getJsonObject("_aws").getLong("Timestamp")).isEqualTo(clock.wallTime());
          assertThat(line.getString("outcome")).isEqualTo("gone");
          assertThat(line.getInteger("streamer.pushes.count")).isEqualTo(3);
          assertThat(line.getInteger("streamer.answer.time.avg")).isEqualTo(40);
        });
    lines.clear();
    gone.increment(4);
    clock.add(Duration.ofMinutes(1));
    registry.publish();
    assertThat(new JsonObject(lines.remove()).getInteger("streamer.pushes.count")).isEqualTo(4);

    clock.add(Duration.ofMinutes(1));
    registry.publish();
    var quiet = new JsonObject(lines.remove());
    assertThat(quiet.getInteger("streamer.pushes.count")).isZero();
    assertThat(quiet.getInteger("streamer.answer.time.count")).isZero();
    assertThat(quiet.fieldNames()).doesNotContain("streamer.answer.time.avg");
  }

  @Test
  void aGaugeThatFailsIsLeftOut() {
    var registry = new MetricLines("Shop/Streamer", new MockClock(), lines::add);
    var meters = new Meters(registry);
    meters.gauge(Metric.SOCKETS, () -> Double.NaN);
    meters.gauge(Metric.HEAP, () -> 0.5);
    registry.publish();
    var line = new JsonObject(lines.remove());
    assertThat(line.getDouble("streamer.heap.value")).isEqualTo(0.5);
    assertThat(line.encode()).doesNotContain("streamer.sockets");
  }

  @Test
  void linesWithoutANamespaceAreRefused() {
    assertThatThrownBy(
            () -> SignalSettings.read(new Environment(Map.of("STREAMER_METRICS_TRANSPORT", "log"))))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_METRICS_TRANSPORT")
        .hasMessageContaining("STREAMER_METRICS_NAMESPACE");
    assertThatThrownBy(() -> settings("emf"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_METRICS_TRANSPORT")
        .hasMessageContaining("api, log");
  }

  private static SignalSettings settings(String transport) {
    return SignalSettings.read(
        new Environment(
            Map.of(
                "STREAMER_METRICS_NAMESPACE",
                "Shop/Streamer",
                "STREAMER_METRICS_TRANSPORT",
                transport)));
  }

  private static String text(byte[] body) throws IOException {
    boolean packed = body.length > 1 && body[0] == 0x1f && (body[1] & 0xff) == 0x8b;
    return packed
        ? new String(new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes(), ISO_8859_1)
        : new String(body, ISO_8859_1);
  }

  @Test
  void withoutANamespaceThereIsThePageAlone() {
    var none = SignalSettings.read(new Environment(Map.of()));
    try (var signals = new Signals(none, aws("http://127.0.0.1:1"), lines::add)) {
      signals.meters().counter(Metric.PUSHES, "gone").increment(3);
      assertThat(signals.page())
          .contains("streamer_pushes_total{outcome=\"gone\"} 3.0", "jvm_memory_used_bytes");
    }
    assertThat(lines).isEmpty();
  }

  /** Each costs by the month: docs/monitoring.md says how much these are. */
  @Test
  void cloudWatchIsSentTwentyThreeSeries() {
    var registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, new MockClock());
    Chosen.restrict(registry);
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
        case TIMER -> meters.timer(metric).record(Duration.ofMillis(1));
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
