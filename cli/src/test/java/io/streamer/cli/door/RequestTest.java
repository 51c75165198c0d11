package io.streamer.cli.door;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.cli.Ran;
import io.streamer.cli.ScriptedGateway;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RequestTest {
  @TempDir Path home;

  @Test
  void aResponseEndsWithZeroAndIsPrintedAsItCame() {
    try (var gateway =
        ScriptedGateway.answering(id -> List.of(frame("response", id, "\"data\":{\"n\":1.10}")))) {
      var ran = request(gateway, "echo");

      assertThat(ran.exitCode()).isZero();
      assertThat(ran.out().lines()).singleElement().asString().contains("{\"n\":1.10}");
    }
  }

  @Test
  void theFrameCarriesActionIdAndThePayloadByteForByte() throws Exception {
    try (var gateway =
        ScriptedGateway.answering(id -> List.of(frame("response", id, "\"data\":1")))) {
      request(gateway, "echo", "--id", "a\"b", "--payload", "{\"n\": 1.10, \"n\":1e400}");

      assertThat(gateway.frames.take())
          .isEqualTo(
              "{\"type\":\"request\",\"id\":\"a\\\"b\",\"action\":\"echo\","
                  + "\"payload\":{\"n\": 1.10, \"n\":1e400}}");
    }
  }

  @Test
  void theTokenGoesIntoAHeader() throws Exception {
    try (var gateway =
        ScriptedGateway.answering(id -> List.of(frame("response", id, "\"data\":1")))) {
      request(gateway, "echo", "--token", "a.b.c");

      assertThat(gateway.tokens.take()).isEqualTo("Bearer a.b.c");
    }
  }

  @Test
  void addressAndTokenMayStandInTheEnvironmentAndOptionsGoBefore() throws Exception {
    try (var gateway =
        ScriptedGateway.answering(id -> List.of(frame("response", id, "\"data\":1")))) {
      var environment = Map.of("STREAMER_URL", gateway.url(), "STREAMER_TOKEN", "d.e.f");
      assertThat(Ran.in(environment, home, "request", "echo").exitCode()).isZero();
      assertThat(gateway.tokens.take()).isEqualTo("Bearer d.e.f");

      Ran.in(environment, home, "request", "echo", "--token", "a.b.c");
      assertThat(gateway.tokens.take()).isEqualTo("Bearer a.b.c");

      var elsewhere = Map.of("STREAMER_URL", "http://127.0.0.1/ws");
      assertThat(Ran.in(elsewhere, home, "request", "echo").err()).contains("STREAMER_URL");
      Ran.in(elsewhere, home, "request", "echo", "--url", gateway.url());
      assertThat(gateway.tokens.take()).startsWith("Bearer ");
    }
  }

  @Test
  void withoutATokenItMakesOneOfTheRepositorysKey() throws Exception {
    try (var gateway =
        ScriptedGateway.answering(id -> List.of(frame("response", id, "\"data\":1")))) {
      request(gateway, "echo");

      var claims = gateway.tokens.take().split("\\.", -1)[1];
      assertThat(
              new JsonObject(new String(Base64.getUrlDecoder().decode(claims), UTF_8))
                  .getString("sub"))
          .isEqualTo("you");
      assertThat(home.resolve(".streamer/dev-key.pem")).exists();
    }
  }

  @Test
  void withoutAUrlItFindsTheDevStageOfTheRepository() {
    try (var gateway =
        ScriptedGateway.answering(id -> List.of(frame("response", id, "\"data\":1")))) {
      new DevAddress(home)
          .publish(
              URI.create(gateway.url()),
              new DevAddress.Store(URI.create("http://127.0.0.1:9"), "streamer"));

      assertThat(Ran.inScript(home, "request", "echo").exitCode()).isZero();
    }
  }

  @Test
  void anErrorEndsWithOne() {
    try (var gateway =
        ScriptedGateway.answering(
            id -> List.of(frame("error", id, "\"error\":{\"code\":\"VALIDATION_ERROR\"}")))) {
      var ran = request(gateway, "echo");

      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.out()).contains("VALIDATION_ERROR");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 129})
  void anIdThatNoServerTakesIsWrongUsage(int length) {
    var ran = Ran.inScript(home, "request", "echo", "--id", "x".repeat(length));

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("128");
  }

  @Test
  void framesOfOtherRequestsDoNotEndIt() {
    try (var gateway =
        ScriptedGateway.answering(id ->
            List.of(
                frame("error", "another", "\"error\":{\"code\":\"TIMEOUT\"}"),
                "{\"type\":\"pong\"}",
                frame("response", id, "\"data\":1")))) {
      assertThat(request(gateway, "echo").exitCode()).isZero();
    }
  }

  @Test
  void anAcknowledgmentEndsItUnlessItFollows() {
    try (var gateway = ScriptedGateway.answering(RequestTest::job)) {
      var ran = request(gateway, "echo_async");

      assertThat(ran.exitCode()).isZero();
      assertThat(ran.out().lines()).hasSize(1).first().asString().contains("acknowledgment");
    }
  }

  @Test
  void followingGoesOnToTheEndALineAFrame() {
    try (var gateway = ScriptedGateway.answering(RequestTest::job)) {
      var ran = request(gateway, "echo_async", "--follow");

      assertThat(ran.exitCode()).isZero();
      assertThat(ran.out().lines().map(line -> new JsonObject(line).getString("type")))
          .containsExactly("acknowledgment", "progress", "progress", "complete");
    }
  }

  @Test
  void aJobThatFailsEndsWithOne() {
    try (var gateway =
        ScriptedGateway.answering(id ->
            List.of(
                frame("acknowledgment", id, "\"job_id\":\"j\",\"status\":\"queued\""),
                frame(
                    "error", id, "\"job_id\":\"j\",\"seq\":1,\"error\":{\"code\":\"TIMEOUT\"}")))) {
      assertThat(request(gateway, "delay", "--follow").exitCode()).isEqualTo(1);
    }
  }

  @Test
  void aPersonSeesABarAndTheResultAsItWasWritten() {
    try (var gateway = ScriptedGateway.answering(RequestTest::job)) {
      var ran = Ran.onTerminal(home, "request", "echo_async", "--follow", "--url", gateway.url());

      assertThat(ran.out())
          .contains("job j is queued")
          .contains("[###############---------------]  50%  half way")
          .contains("[##############################] 100%  done")
          .endsWith(System.lineSeparator() + "{\"big\":1.10}" + System.lineSeparator());
    }
  }

  @Test
  void aPersonMayAskForLinesOfJson() {
    try (var gateway = ScriptedGateway.answering(RequestTest::job)) {
      var ran =
          Ran.onTerminal(
              home, "request", "echo_async", "--follow", "--json", "--url", gateway.url());

      assertThat(ran.out().lines()).hasSize(4).allMatch(line -> line.startsWith("{\"type\":"));
    }
  }

  @Test
  void anErrorsFieldsAreShownAndCannotSteerTheTerminal() {
    var error =
        "\"error\":{\"code\":\"VALIDATION_ERROR\",\"message\":\"a \\u001b[2J b\",\"details\":"
            + "{\"fields\":[{\"pointer\":\"/payload/to\",\"message\":\"is before from\"}]}}";
    try (var gateway = ScriptedGateway.answering(id -> List.of(frame("error", id, error)))) {
      var ran = Ran.onTerminal(home, "request", "report", "--url", gateway.url());

      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.err())
          .contains("VALIDATION_ERROR: a  [2J b")
          .contains("/payload/to: is before from")
          .doesNotContain("\u001b");
    }
  }

  @ParameterizedTest
  @CsvSource({"401,expired_token", "403,tenant_not_allowed"})
  void aRefusedTokenEndsWithThreeAndTheReason(int status, String code) {
    var body = "{\"error\":{\"code\":\"" + code + "\",\"message\":\"get another\"}}";
    try (var gateway = ScriptedGateway.refusing(status, body)) {
      var ran = request(gateway, "echo");

      assertThat(ran.exitCode()).isEqualTo(3);
      assertThat(ran.err()).contains(String.valueOf(status), code, "get another");
      assertThat(ran.out()).isEmpty();
    }
  }

  @Test
  void aRefusalWithoutAReasonIsNoMatterOfTheToken() {
    try (var gateway = ScriptedGateway.refusing(403, "{\"message\":\"Forbidden\"}")) {
      var ran = request(gateway, "echo");

      assertThat(ran.exitCode()).isEqualTo(4);
      assertThat(ran.err()).contains("the API has no stage");
    }
  }

  @Test
  void theDevTokenIsOfWhomAndForWhatIsAsked() throws Exception {
    try (var gateway =
        ScriptedGateway.answering(id -> List.of(frame("response", id, "\"data\":1")))) {
      request(gateway, "echo", "--user", "ann", "--tenant", "acme", "--permissions", "a:b,c:d");

      var claims = gateway.tokens.take().split("\\.", -1)[1];
      var token = new JsonObject(new String(Base64.getUrlDecoder().decode(claims), UTF_8));
      assertThat(token.getString("sub")).isEqualTo("ann");
      assertThat(token.getString("tenant_id")).isEqualTo("acme");
      assertThat(token.getJsonArray("permissions")).containsExactly("a:b", "c:d");
    }
  }

  @Test
  void aServerOfAnotherKindIsNoConnection() {
    try (var gateway = ScriptedGateway.refusing(404, "<html>not here</html>")) {
      var ran = request(gateway, "echo");

      assertThat(ran.exitCode()).isEqualTo(4);
      assertThat(ran.err()).contains("404");
    }
  }

  @Test
  void nobodyThereIsNoConnection() throws Exception {
    int free;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    var ran = Ran.inScript(home, "request", "echo", "--url", "ws://127.0.0.1:" + free + "/ws");

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err()).contains("127.0.0.1:" + free);
  }

  @Test
  void aSocketThatClosesBeforeTheAnswerSaysHowToTakeTheJobUpAgain() {
    try (var gateway = ScriptedGateway.answering(_ -> List.of(ScriptedGateway.RESTART))) {
      var ran = request(gateway, "echo_async", "--follow", "--id", "again");

      assertThat(ran.exitCode()).isEqualTo(4);
      assertThat(ran.err()).contains("restart").contains("--id again");
    }
  }

  /** Nothing was sent: there is nothing to follow over the next connection. */
  @Test
  void aSocketThatClosesBeforeItsWelcomeIsNoConnection() {
    try (var gateway = ScriptedGateway.speaking(_ -> List.of(ScriptedGateway.RESTART))) {
      var ran = request(gateway, "echo_async", "--follow");

      assertThat(ran.exitCode()).isEqualTo(4);
      assertThat(ran.err()).contains("no connection").contains("restart");
    }
  }

  @Test
  void aJobIsFollowedOverTheNextConnection() {
    var event = "{\"type\":\"event\",\"job_id\":\"j\",\"seq\":2,\"name\":\"row\",\"data\":1.10}";
    var snapshot =
        "{\"job_id\":\"j\",\"status\":\"running\",\"seq\":3,\"attempt\":1,\"percentage\":50}";
    try (var gateway =
        ScriptedGateway.speaking(frame ->
            switch (frame.getString("type")) {
              case "hello" ->
                  frame.getJsonObject("last_seq").isEmpty()
                      ? List.of(ScriptedGateway.welcome(""))
                      : List.of(
                          ScriptedGateway.welcome(
                              "{\"snapshot\":" + snapshot + ",\"events\":[" + event + "]}"),
                          frame(
                              "complete",
                              "r",
                              "\"job_id\":\"j\",\"seq\":4,\"success\":true,\"result\":{}"));
              default ->
                  List.of(
                      frame(
                          "acknowledgment",
                          frame.getString("id"),
                          "\"job_id\":\"j\",\"status\":\"queued\""),
                      ScriptedGateway.AGED);
            })) {
      var ran = request(gateway, "echo_async", "--follow");

      assertThat(ran.exitCode()).isZero();
      assertThat(ran.out().lines().map(line -> new JsonObject(line).getString("type")))
          .containsExactly("acknowledgment", "event", "progress", "complete");
      assertThat(ran.out()).contains("\"data\":1.10");
      assertThat(ran.err()).contains("trying again");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "", "{} {}", "nope", "@/no/such/file"})
  void aPayloadThatIsNoJsonIsWrongUsage(String payload) {
    var ran = Ran.inScript(home, "request", "echo", "--payload", payload);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--payload").doesNotContain("Source");
  }

  @Test
  void aPayloadMayComeFromAFile() throws Exception {
    var file = Files.writeString(home.resolve("in.json"), "[1,\n\"ü\"]\n");
    try (var gateway =
        ScriptedGateway.answering(id -> List.of(frame("response", id, "\"data\":1")))) {
      request(gateway, "echo", "--payload", "@" + file);

      assertThat(gateway.frames.take()).endsWith(",\"payload\":[1,\n\"ü\"]\n}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/ws",
        "127.0.0.1:8081",
        "ws:///ws",
        "ws://host/ws#part",
        "ws://a b/"
      })
  void aUrlOfAnotherKindIsWrongUsage(String url) {
    assertThat(Ran.inScript(home, "request", "echo", "--url", url).exitCode()).isEqualTo(2);
  }

  @Test
  void anActionMustBeGiven() {
    assertThat(Ran.inScript(home, "request").exitCode()).isEqualTo(2);
  }

  private Ran request(ScriptedGateway gateway, String... args) {
    var all = new ArrayList<>(List.of("request", "--url", gateway.url()));
    all.addAll(List.of(args));
    return Ran.inScript(home, all.toArray(String[]::new));
  }

  private static List<String> job(String id) {
    return List.of(
        frame("acknowledgment", id, "\"job_id\":\"j\",\"status\":\"queued\""),
        frame(
            "progress",
            id,
            "\"job_id\":\"j\",\"seq\":1,\"percentage\":50,\"message\":\"half way\""),
        frame("progress", id, "\"job_id\":\"j\",\"seq\":2,\"percentage\":100,\"message\":\"done\""),
        frame(
            "complete",
            id,
            "\"job_id\":\"j\",\"seq\":3,\"success\":true,\"result\":{\"big\":1.10}"));
  }

  private static String frame(String type, String id, String rest) {
    return "{\"type\":\""
        + type
        + "\",\"request_id\":\""
        + id.replace("\"", "\\\"")
        + "\","
        + rest
        + "}";
  }
}
