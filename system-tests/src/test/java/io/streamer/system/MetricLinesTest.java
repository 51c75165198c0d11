package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway's metrics as lines of its output, for CloudWatch to take out of the log. */
@ExtendWith(LocalStage.class)
class MetricLinesTest {
  private static final Map<String, String> ON =
      Map.of("STREAMER_METRICS_NAMESPACE", "Shop/Streamer", "STREAMER_METRICS_TRANSPORT", "log");

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGTERM")
  void theLastMinutesLinesAreOutBeforeItEnds(String format) throws Exception {
    var settings = new TreeMap<>(ON);
    settings.put("STREAMER_LOG_FORMAT", format);
    List<String> output;
    try (var gateway = GatewayProcess.start(LocalStage.stage(), settings)) {
      try (var peer = Door.DIRECT.connect(gateway.direct(), Tokens.fresh())) {
        for (var id : List.of("one", "two")) {
          peer.request(id, "echo", new JsonObject()).answer(id);
        }
        peer.request("job", "echo_async", new JsonObject()).acknowledgment("job");
      }
      gateway.terminate();
      assertThat(gateway.exitCode()).isZero();
      output = gateway.lines();
    }

    var lines =
        output.stream().filter(text -> text.contains("_aws")).map(EmbeddedMetrics::of).toList();
    assertThat(lines)
        .flatExtracting(line -> line.directives().toList())
        .allMatch(directive -> directive.getString("Namespace").equals("Shop/Streamer"));
    // two minutes' lines, if one ended meanwhile
    var sums = new TreeMap<String, Double>();
    lines.forEach(
        line -> line.values().forEach((name, value) -> sums.merge(name, value, Double::sum)));
    assertThat(sums)
        .hasSize(23)
        .containsEntry("streamer.answers.count{Service=gateway, outcome=ok}", 3.0)
        .containsEntry("streamer.answers.count{Service=gateway, outcome=error}", 0.0)
        .containsEntry("streamer.answer.time.count{Service=gateway}", 3.0)
        .containsEntry("streamer.handshakes.count{Service=gateway, outcome=opened}", 1.0)
        .containsEntry("streamer.jobs.accepted.count{Service=gateway, status=queued}", 1.0);
    assertThat(sums.get("streamer.heap.value{Service=gateway}")).isPositive();
    assertThat(output).filteredOn(text -> !text.contains("_aws")).isNotEmpty();
  }

  @Test
  void withoutANamespaceItDoesNotStart() {
    assertThatThrownBy(() ->
            GatewayProcess.start(LocalStage.stage(), Map.of("STREAMER_METRICS_TRANSPORT", "log")))
        .hasMessageContaining("STREAMER_METRICS_TRANSPORT")
        .hasMessageContaining("STREAMER_METRICS_NAMESPACE");
  }
}
