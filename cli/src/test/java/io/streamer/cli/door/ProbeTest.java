package io.streamer.cli.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.Ran;
import io.streamer.cli.ScriptedGateway;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ProbeTest {
  private static final String RESPONSE =
      "{\"type\":\"response\",\"request_id\":\"ID\",\"success\":true,\"data\":{}}";
  private static final String ACCEPTED =
      "{\"type\":\"acknowledgment\",\"request_id\":\"ID\",\"job_id\":\"j\",\"status\":\"queued\"}";
  private static final String PROGRESS =
      "{\"type\":\"progress\",\"request_id\":\"ID\",\"job_id\":\"j\",\"seq\":1000000001,\"percentage\":50,\"message\":\"half\"}";
  private static final String PONG =
      "{\"type\":\"pong\",\"request_id\":\"another\",\"timestamp\":1}";
  private static final String COMPLETE =
      "{\"type\":\"complete\",\"request_id\":\"ID\",\"job_id\":\"j\",\"seq\":1000000002,\"result\":{}}";
  private static final String ERROR =
      "{\"type\":\"error\",\"request_id\":\"ID\","
          + "\"error\":{\"code\":\"UNKNOWN_ACTION\",\"message\":\"no such action\"}}";

  @TempDir Path home;

  /** Answers the first frame with the first text's frames, and so on. */
  private static ScriptedGateway gateway(List<List<String>> answers) {
    var at = new AtomicInteger();
    return ScriptedGateway.answering(id -> {
      int now = at.getAndIncrement();
      return now < answers.size()
          ? answers.get(now).stream().map(answer -> answer.replace("ID", id)).toList()
          : List.of();
    });
  }

  private Ran probe(ScriptedGateway gateway, String... more) {
    var args = new ArrayList<>(List.of("probe", gateway.url(), "--token", "t"));
    args.addAll(List.of(more));
    return Ran.inScript(home, args.toArray(String[]::new));
  }

  private static JsonObject line(Ran ran) {
    assertThat(ran.out().lines()).hasSize(1);
    return new JsonObject(ran.out());
  }

  @Test
  void allThreeStepsAreTimedInALine() {
    try (var gateway = gateway(List.of(List.of(RESPONSE), List.of(ACCEPTED, PROGRESS, COMPLETE)))) {
      var ran = probe(gateway);

      assertThat(ran.exitCode()).isZero();
      var line = line(ran);
      assertThat(line.fieldNames()).containsExactly("ok", "url", "connect_ms", "echo_ms", "job_ms");
      assertThat(line.getBoolean("ok")).isTrue();
      assertThat(line.getString("url")).isEqualTo(gateway.url());
      var asked = gateway.frames.stream().map(JsonObject::new).toList();
      assertThat(asked)
          .extracting(it -> it.getString("type"))
          .containsExactly("request", "request");
      assertThat(asked)
          .extracting(it -> it.getString("action"))
          .containsExactly("echo", "echo_async");
      assertThat(asked.getLast().getJsonObject("payload")).isEqualTo(new JsonObject());
    }
  }

  @Test
  void otherActionsAndAnotherPayloadAreTriedOnRequest() {
    try (var gateway = gateway(List.of(List.of(RESPONSE), List.of(ACCEPTED, COMPLETE)))) {
      assertThat(
              probe(gateway, "--echo", "health", "--job", "report", "--payload", "{\"n\":1}")
                  .exitCode())
          .isZero();
      var asked = gateway.frames.stream().map(JsonObject::new).toList();
      assertThat(asked)
          .extracting(it -> it.getString("action"))
          .containsExactly("health", "report");
      assertThat(asked.getFirst().getJsonObject("payload")).isEqualTo(new JsonObject().put("n", 1));
    }
  }

  @Test
  void aTokenFromTheEnvironmentIsShown() throws Exception {
    try (var gateway = gateway(List.of(List.of(RESPONSE), List.of(ACCEPTED, COMPLETE)))) {
      var ran = Ran.in(Map.of("STREAMER_TOKEN", " secret\n"), home, "probe", gateway.url());
      assertThat(ran.exitCode()).isZero();
      assertThat(gateway.tokens.take()).isEqualTo("Bearer secret");
      assertThat(ran.out() + ran.err()).doesNotContain("secret");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // an error at the echo, and at the job
        "echo|1|UNKNOWN_ACTION: no such action|ERROR",
        "job|1|UNKNOWN_ACTION: no such action|RESPONSE,ERROR",
        // something else than what was asked for
        "echo|1|it became a job|ACCEPTED",
        "job|1|it was answered on the spot, as no job|RESPONSE,RESPONSE",
        // nothing
        "echo|4|no answer came in time|PONG",
        "job|4|no answer came in time|RESPONSE,ACCEPTED",
      })
  void theStepThatFailedIsNamed(String step, int code, String why, String answers) {
    var frames = Map.of("ERROR", ERROR, "RESPONSE", RESPONSE, "ACCEPTED", ACCEPTED, "PONG", PONG);
    var script = new ArrayList<List<String>>();
    for (var answer : answers.split(",", -1)) {
      script.add(List.of(frames.get(answer)));
    }
    try (var gateway = gateway(script)) {
      var ran = probe(gateway, "--timeout", why.contains("in time") ? "300ms" : "20s");
      assertThat(ran.exitCode()).isEqualTo(code);
      var line = line(ran);
      assertThat(line.getBoolean("ok")).isFalse();
      assertThat(line.getString("step")).isEqualTo(step);
      assertThat(line.getString("why")).isEqualTo(why);
    }
  }

  @Test
  void aSocketThatClosesIsNoAnswer() {
    try (var gateway = gateway(List.of(List.of(ScriptedGateway.RESTART)))) {
      var ran = probe(gateway);
      assertThat(ran.exitCode()).isEqualTo(4);
      assertThat(line(ran).getString("why")).contains("CONNECTION_LOST");
    }
  }

  @Test
  void aRefusedTokenEndsWithThreeAndNobodyThereWithFour() {
    String url;
    try (var gateway = ScriptedGateway.refusing(401, "{\"error\":{\"code\":\"expired_token\"}}")) {
      url = gateway.url();
      var ran = probe(gateway);
      assertThat(ran.exitCode()).isEqualTo(3);
      assertThat(line(ran).getString("step")).isEqualTo("connect");
      assertThat(line(ran).getString("why")).contains("401");
    }
    var ran = Ran.inScript(home, "probe", url, "--token", "t");
    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(line(ran).getString("step")).isEqualTo("connect");
  }

  @Test
  void aRefusalWithoutAReasonIsNoMatterOfTheToken() {
    try (var gateway = ScriptedGateway.refusing(403, "{\"message\":\"Forbidden\"}")) {
      var ran = probe(gateway);
      assertThat(ran.exitCode()).isEqualTo(4);
      assertThat(line(ran).getString("why")).contains("403");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "probe ws://127.0.0.1:1/ws",
    "probe",
    "probe http://127.0.0.1:1/ --token t",
    "probe ws://127.0.0.1:1/ --token ''",
    "probe ws://127.0.0.1:1/ --token t --payload {",
  })
  void wrongUsageIsToldAsSuch(String args) {
    var ran = Ran.inScript(home, args.replace("''", "").split(" ", -1));
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).isNotBlank();
  }
}
