package io.streamer.cli.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.Ran;
import io.streamer.cli.ScriptedGateway;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class JobQuestionTest {
  private static final String SNAPSHOT =
      "\"data\":{\"job_id\":\"j\",\"request_id\":\"r\",\"action\":\"delay\",\"status\":\"running\","
          + "\"percentage\":40,\"message\":\"step \\u001b4\",\"seq\":7,\"attempt\":2,"
          + "\"created_at\":1732152000.5}";

  @TempDir Path home;

  @ParameterizedTest
  @ValueSource(strings = {"status", "cancel"})
  void aJobIsNamedByItsIdOrByItsRequests(String command) throws Exception {
    try (var gateway = answering(SNAPSHOT)) {
      assertThat(ask(gateway, command, "j-1").exitCode()).isZero();
      var byId = new JsonObject(gateway.frames.take());
      assertThat(byId.getString("type")).isEqualTo(command);
      assertThat(byId.getString("job_id")).isEqualTo("j-1");
      assertThat(byId.containsKey("request_id")).isFalse();

      ask(gateway, command, "--request-id", "r\"1");
      var byRequest = new JsonObject(gateway.frames.take());
      assertThat(byRequest.getString("request_id")).isEqualTo("r\"1");
      assertThat(byRequest.containsKey("job_id")).isFalse();
      assertThat(byRequest.getString("id")).isNotEqualTo(byId.getString("id"));
    }
  }

  @Test
  void aScriptGetsTheFrame() {
    try (var gateway = answering(SNAPSHOT)) {
      var ran = ask(gateway, "status", "j");

      assertThat(ran.out().lines()).singleElement().asString().contains("\"status\":\"running\"");
    }
  }

  @Test
  void aPersonReadsALineForEachFact() {
    try (var gateway = answering(SNAPSHOT)) {
      var ran = Ran.onTerminal(home, "status", "j", "--url", gateway.url());

      assertThat(ran.out().lines())
          .containsExactly(
              "job       j",
              "status    running",
              "action    delay",
              "request   r",
              "created   2024-11-21T01:20:00.500Z",
              "attempt   2",
              "progress  40%  step  4");
    }
  }

  @Test
  void aRunningJobIsSaidToHaveBeenAskedToStop() {
    try (var gateway = answering(SNAPSHOT)) {
      assertThat(Ran.onTerminal(home, "cancel", "j", "--url", gateway.url()).err())
          .contains("asked to stop", "./streamer status");
      assertThat(Ran.onTerminal(home, "status", "j", "--url", gateway.url()).err()).isEmpty();
    }
  }

  @Test
  void aPersonReadsHowItEnded() {
    try (var gateway =
        answering(
            "\"data\":{\"job_id\":\"j\",\"status\":\"failed\",\"percentage\":40,\"message\":\"\","
                + "\"error\":{\"code\":\"TIMEOUT\",\"message\":\"not done after 5 s\"}}")) {
      var ran = Ran.onTerminal(home, "cancel", "j", "--url", gateway.url());
      assertThat(ran.out())
          .contains("status    failed")
          .contains("error     TIMEOUT: not done after 5 s");
      assertThat(ran.err()).isEmpty();
    }
  }

  @Test
  void whatIsNotFoundEndsWithOne() {
    try (var gateway =
        ScriptedGateway.answering(id ->
            List.of(
                "{\"type\":\"event\",\"request_id\":\"r\",\"seq\":1}",
                "{\"type\":\"error\",\"request_id\":\""
                    + id
                    + "\",\"error\":{\"code\":\"NOT_FOUND\","
                    + "\"message\":\"no such job\"}}"))) {
      var line = ask(gateway, "cancel", "j");
      assertThat(line.exitCode()).isEqualTo(1);
      assertThat(new JsonObject(line.out()).getJsonObject("error").fieldNames())
          .as("a frame that has no details is shown with none")
          .containsExactly("code", "message", "retryable");
      var ran = Ran.onTerminal(home, "cancel", "j", "--url", gateway.url());
      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.err()).contains("NOT_FOUND: no such job");
      assertThat(ran.out()).isEmpty();
    }
  }

  @Test
  void aSocketThatClosesFirstIsNoAnswer() {
    try (var gateway = ScriptedGateway.answering(_ -> List.of(ScriptedGateway.RESTART))) {
      var ran = ask(gateway, "status", "j");

      assertThat(ran.exitCode()).isEqualTo(4);
      assertThat(ran.err()).contains("restart").contains("repeat");
    }
  }

  @Test
  void aRefusedTokenEndsWithThree() {
    try (var gateway = ScriptedGateway.refusing(401, "{\"error\":{\"code\":\"expired_token\"}}")) {
      assertThat(ask(gateway, "cancel", "j").exitCode()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "cancel", "status j --request-id r", "status j k"})
  void aJobIsNamedOnce(String args) {
    var ran = Ran.inScript(home, args.split(" ", -1));

    assertThat(ran.exitCode()).isEqualTo(2);
  }

  private static ScriptedGateway answering(String data) {
    return ScriptedGateway.answering(id ->
        List.of(
            "{\"type\":\"response\",\"request_id\":\"" + id + "\",\"success\":true," + data + "}"));
  }

  private Ran ask(ScriptedGateway gateway, String... args) {
    var all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--url", gateway.url()));
    return Ran.inScript(home, all.toArray(String[]::new));
  }
}
