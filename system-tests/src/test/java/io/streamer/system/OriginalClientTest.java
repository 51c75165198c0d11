package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The first clients of this protocol knew no types and no versions: a token in the query, {@code
 * action}, {@code connection_id}, {@code request_id} and {@code payload} in a message, and a bar
 * drawn from whatever has a percentage.
 */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class OriginalClientTest {
  @Parameter Door door;

  @Test
  void aReportIsAskedForFollowedAndFetched() {
    try (var peer = open()) {
      var request =
          JsonObject.of(
              "action", "generate_report",
              "connection_id", "made-up-by-the-client",
              "request_id", "req-1",
              "payload",
                  JsonObject.of(
                      "start_date",
                      LocalDate.of(2026, 1, 1).toString(),
                      "end_date",
                      LocalDate.of(2026, 1, 31).toString(),
                      "format",
                      "csv",
                      "report_type",
                      "monthly"));
      peer.send(request);
      var bar = new ArrayList<Double>();
      var end =
          peer.await(
              "the end",
              frame -> "complete".equals(frame.type()) && "req-1".equals(frame.requestId()));
      for (var frame : peer.frames()) {
        assertThat(frame.requestId()).isEqualTo("req-1");
        switch (frame.type()) {
          case "acknowledgment" -> assertThat(frame.status()).isEqualTo("queued");
          case "progress" -> {
            bar.add(frame.percentage());
            assertThat(frame.json().getString("message")).isNotBlank();
          }
          default -> assertThat(frame).isEqualTo(end);
        }
      }
      assertThat(bar).isSorted().endsWith(100.0);
      assertThat(end.result().getString("url")).startsWith("http");
    }
  }

  @Test
  void anErrorHasItsCodeAndItsMessage() {
    try (var peer = open()) {
      peer.send(
          JsonObject.of(
              "action", "no_such_action",
              "connection_id", "c",
              "request_id", "req-2",
              "payload", new JsonObject()));
      var error = peer.answer("req-2");
      assertThat(error.type()).isEqualTo("error");
      assertThat(error.error().getString("code")).isEqualTo("INVALID_ACTION");
      assertThat(error.error().getString("message")).isNotBlank();
    }
  }

  private Peer open() {
    var token = URLEncoder.encode(Tokens.fresh(), StandardCharsets.UTF_8);
    return assertInstanceOf(
            Peer.Handshake.Opened.class, door.knock("?Authorization=" + token, builder -> builder))
        .peer();
  }
}
