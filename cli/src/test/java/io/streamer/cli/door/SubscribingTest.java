package io.streamer.cli.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.Ran;
import io.streamer.cli.ScriptedGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class SubscribingTest {
  @TempDir Path home;

  @Test
  void aJobIsFollowedToItsEndWithWhatItHadBefore() throws Exception {
    try (var gateway = attached()) {
      var ran = Ran.inScript(home, "subscribe", "j", "--url", gateway.url());

      assertThat(ran.exitCode()).isZero();
      assertThat(ran.out().lines().map(line -> new JsonObject(line).getString("type")))
          .containsExactly("event", "progress", "complete");
      var asked = new JsonObject(gateway.frames.take());
      assertThat(asked.getString("job_id")).isEqualTo("j");
      assertThat(asked.containsKey("frames")).isFalse();
    }
  }

  @Test
  void aPersonSeesTheBarAndTheResult() {
    try (var gateway = attached()) {
      var ran = Ran.onTerminal(home, "subscribe", "j", "--url", gateway.url());

      assertThat(ran.out())
          .contains("row 1", " 40%  early")
          .endsWith("{\"n\":1.10}" + System.lineSeparator());
    }
  }

  @Test
  void framesCanBeChosenAndTheEndAlwaysComes() throws Exception {
    try (var gateway = attached()) {
      Ran.inScript(home, "subscribe", "j", "--frames", "progress", "--url", gateway.url());

      assertThat(new JsonObject(gateway.frames.take()).getJsonArray("frames"))
          .isEqualTo(JsonArray.of("progress", "terminal"));
    }
    assertThat(Ran.inScript(home, "subscribe", "j", "--frames", "rows").exitCode()).isEqualTo(2);
  }

  @Test
  void whereNoProgressIsAskedForNoneIsMadeOfHowTheJobStands() {
    try (var gateway = attached()) {
      var ran =
          Ran.inScript(home, "subscribe", "j", "--frames", "terminal", "--url", gateway.url());

      assertThat(ran.out().lines().map(line -> new JsonObject(line).getString("type")))
          .containsExactly("complete");
    }
  }

  @Test
  void aJobThatIsNotFoundEndsWithOne() {
    try (var gateway =
        ScriptedGateway.answering(id ->
            List.of(
                "{\"type\":\"error\",\"request_id\":\""
                    + id
                    + "\",\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"no such job\"}}"))) {
      var ran = Ran.inScript(home, "subscribe", "j", "--url", gateway.url());

      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.out()).contains("NOT_FOUND");
    }
  }

  @ParameterizedTest
  @CsvSource({"401,expired_token", "403,tenant_not_allowed"})
  void aRefusedTokenEndsWithThreeAndTheReason(int status, String code) {
    var body = "{\"error\":{\"code\":\"" + code + "\",\"message\":\"get another\"}}";
    try (var gateway = ScriptedGateway.refusing(status, body)) {
      var ran = Ran.inScript(home, "follow", "j", "--url", gateway.url());

      assertThat(ran.exitCode()).isEqualTo(3);
      assertThat(ran.err()).contains(code, "get another").doesNotContain("before the answer");
      assertThat(ran.out()).isEmpty();
    }
  }

  @Test
  void aServerOfAnotherKindIsNoConnection() {
    try (var gateway = ScriptedGateway.refusing(404, "<html>not here</html>")) {
      var ran = Ran.inScript(home, "follow", "j", "--url", gateway.url());

      assertThat(ran.exitCode()).isEqualTo(4);
      assertThat(ran.err()).contains("no connection", "404");
    }
  }

  private static ScriptedGateway attached() {
    return ScriptedGateway.answering(id ->
        List.of(
            "{\"type\":\"response\",\"request_id\":\""
                + id
                + "\",\"success\":true,\"data\":{\"snapshot\":{\"job_id\":\"j\",\"status\":\"running\","
                + "\"percentage\":40,\"message\":\"early\",\"seq\":2,\"attempt\":1},\"events\":["
                + "{\"type\":\"event\",\"job_id\":\"j\",\"seq\":1,\"name\":\"row\",\"data\":1}]}}",
            "{\"type\":\"complete\",\"job_id\":\"j\",\"seq\":3,\"success\":true,"
                + "\"result\":{\"n\":1.10}}"));
  }
}
