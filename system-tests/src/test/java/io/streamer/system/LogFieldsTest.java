package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A gateway's JSON lines say what they are about in fields of their own. */
@ExtendWith(LocalStage.class)
class LogFieldsTest {
  private final String id = UUID.randomUUID().toString();
  private final String tenant = "tenant-" + id;

  @Test
  void theLinesOfARequestAndItsJobAreFoundByItsId() throws Exception {
    List<JsonObject> lines;
    String job;
    // whoever reads the log by lines and by fields is to find this one
    var odd = "\"},{\"request\":\"" + id;
    try (var gateway =
        GatewayProcess.start(
            LocalStage.stage(),
            Map.of("STREAMER_LOG_FORMAT", "json", "STREAMER_LOG_LEVEL", "DEBUG"))) {
      try (var peer = Door.DIRECT.connect(gateway.direct(), Tokens.of("user", tenant))) {
        var payload = new JsonObject();
        peer.request("broken" + id, "test.broken", payload).answer("broken" + id);
        peer.request(odd, "echo", payload).answer(odd);
        job = peer.request("job" + id, "echo_async", payload).acknowledgment("job" + id).jobId();
        peer.terminal(job);
      }
      gateway.terminate();
      assertThat(gateway.exitCode()).isZero();
      lines = gateway.lines().stream().map(JsonObject::new).toList();
    }

    var broken = about(lines, "request", "broken" + id);
    // what the handler threw, and what the client was told
    assertThat(broken).extracting(line -> line.getString("level")).contains("ERROR", "DEBUG");
    assertThat(broken)
        .allSatisfy(line -> {
          assertThat(line.getString("tenant")).isEqualTo(tenant);
          assertThat(line.getString("action")).isEqualTo("test.broken");
        });
    assertThat(broken).extracting(line -> line.getString("connection")).doesNotContainNull();
    assertThat(about(lines, "request", odd))
        .singleElement()
        .satisfies(line -> assertThat(line.getString("action")).isEqualTo("echo"));
    assertThat(about(lines, "job", job))
        .first()
        .satisfies(line -> {
          assertThat(line.getString("request")).isEqualTo("job" + id);
          assertThat(line.getString("tenant")).isEqualTo(tenant);
          assertThat(line.getString("formattedMessage")).contains("queued as job " + job);
        });
    assertThat(about(lines, "connection", broken.getFirst().getString("connection")))
        .extracting(line -> line.getString("formattedMessage"))
        .anyMatch(text -> text.endsWith("is CONNECTED"))
        .anyMatch(text -> text.endsWith("is CLOSED"));
  }

  private static List<JsonObject> about(List<JsonObject> lines, String field, String value) {
    return lines.stream().filter(line -> value.equals(line.getValue(field))).toList();
  }
}
