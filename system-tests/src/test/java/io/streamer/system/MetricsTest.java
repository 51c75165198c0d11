package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.stage.Stage;
import io.streamer.shared.signal.Metric;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of metrics on the internal port, on a stage with a low threshold. */
class MetricsTest {
  private static Stage stage;

  private final String token = Tokens.fresh();

  @BeforeAll
  static void start() {
    stage = LocalStage.start(Map.of("STREAMER_SYNC_THRESHOLD", "100ms"));
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @Test
  void thePageHasEveryMetricOfTheGatewayFromTheStart() throws Exception {
    var page = page();
    assertThat(
            Arrays.stream(Metric.values())
                .filter(metric -> metric.kind() != Metric.Kind.LINE)
                .flatMap(MetricsTest::series))
        .allSatisfy(series -> assertThat(page).containsKey(series));
    assertThat(page.keySet()).anyMatch(name -> name.startsWith("jvm_memory_used_bytes"));
    assertThat(page.keySet()).noneMatch(name -> name.contains("tenant") || name.contains("user="));
  }

  private static Stream<String> series(Metric metric) {
    var name = metric.title().replace('.', '_');
    return switch (metric.kind()) {
      case GAUGE -> Stream.of(name.endsWith(metric.unit()) ? name : name + "_" + metric.unit());
      case TIMER -> Stream.of(name + "_seconds_count", name + "_seconds_sum");
      case COUNTER ->
          metric.labelValues().stream()
              .map(value -> name + "_total{" + metric.label() + "=\"" + value + "\"}");
      case LINE -> Stream.of();
    };
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void whatAConnectionDoesIsCounted(Door door) throws Exception {
    var before = page();
    var gate = UUID.randomUUID().toString();
    try (var peer = door.connect(stage, token)) {
      assertThat(peer.request("m-1", "echo", new JsonObject().put("a", 1)).next().type())
          .isEqualTo("response");
      assertThat(peer.request("m-2", "nobody.knows", new JsonObject()).next().type())
          .isEqualTo("error");
      var slow = peer.request("m-3", "test.gated", new JsonObject().put("gate", gate));
      assertThat(slow.next().status()).isEqualTo("running");
      TestActions.open(gate);
      peer.await("its end", frame -> frame.isTerminal());
      assertThat(peer.request("m-4", "echo_async", new JsonObject()).answer("m-4").type())
          .isEqualTo("acknowledgment");
    }
    var after = page();
    assertThat(
            Stream.of(
                    "streamer_handshakes_total{outcome=\"opened\"}",
                    "streamer_answers_total{outcome=\"error\"}",
                    "streamer_jobs_accepted_total{status=\"running\"}",
                    "streamer_jobs_accepted_total{status=\"queued\"}")
                .toList())
        .allSatisfy(series -> assertThat(grown(series, before, after)).isEqualTo(1));
    assertThat(grown("streamer_frames_total{direction=\"in\"}", before, after)).isEqualTo(4);
    assertThat(grown("streamer_frames_total{direction=\"out\"}", before, after))
        .isGreaterThanOrEqualTo(4);
    assertThat(grown("streamer_answers_total{outcome=\"ok\"}", before, after)).isEqualTo(3);
    assertThat(grown("streamer_answer_time_seconds_count", before, after)).isEqualTo(3);
    Until.holds(
        "the overrun's owner counts as told",
        () -> grown("streamer_told_time_seconds_count", before, page()) == 1);
    assertThat(grown("streamer_store_calls_total{outcome=\"ok\"}", before, after)).isPositive();
    assertThat(after.get("streamer_heap_bytes")).isPositive();
  }

  @Test
  void thePageTellsHowManySocketsAreOpen() throws Exception {
    try (var _ = Door.DIRECT.connect(stage, token);
        var _ = Door.DIRECT.connect(stage, token)) {
      assertThat(page().get("streamer_sockets")).isEqualTo(2);
    }
    Until.holds("no socket is counted", () -> page().get("streamer_sockets") == 0);
  }

  @Test
  void thePageTellsWhatIsKeptForSockets() throws Exception {
    int half = 50_000;
    try (var socket = new RawSocket(Door.DIRECT.of(stage), token)) {
      socket.announce(2 * half);
      socket.bytes(new byte[half]);
      Until.holds("all that came is kept", () -> page().get("streamer_buffered_bytes") >= half);
      assertThat(page().get("streamer_buffered_most_bytes")).isGreaterThanOrEqualTo(half);
    }
    Until.holds("nothing is kept", () -> page().get("streamer_buffered_bytes") == 0);
    assertThat(page().get("streamer_buffered_most_bytes")).isLessThan(half);
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void aRefusedHandshakeIsCounted(Door door) throws Exception {
    var before = page();
    Peer.knock(door, door.of(stage), builder -> builder.header("Authorization", "Bearer no"));
    assertThat(grown("streamer_handshakes_total{outcome=\"refused\"}", before, page()))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "DELETE", "PUT"})
  void thePageIsOnlyRead(String method) throws Exception {
    assertThat(ask(method, "/metrics").statusCode()).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics/", "/metrics/x", "/", "/@connections/abc", "//metrics"})
  void allElseNeedsTheSecret(String path) throws Exception {
    assertThat(ask("GET", path).statusCode()).isEqualTo(403);
  }

  private static double grown(
      String series, Map<String, Double> before, Map<String, Double> after) {
    return after.get(series) - before.get(series);
  }

  /** Series by name and labels. */
  private static Map<String, Double> page() throws Exception {
    var answer = ask("GET", "/metrics");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    return answer
        .body()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" (?=[^ ]+$)"))
        .collect(java.util.stream.Collectors.toMap(it -> it[0], it -> Double.valueOf(it[1])));
  }

  private static HttpResponse<String> ask(String method, String path) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + stage.gateway().internalPort() + path);
    var request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build();
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request, BodyHandlers.ofString());
    }
  }
}
