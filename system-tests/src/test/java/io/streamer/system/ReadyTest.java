package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultPlan;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.local.stage.Stage;
import io.streamer.local.token.DevKey;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real gateway asks before it says that it is ready. */
@Timeout(120)
class ReadyTest {
  private static final String ISSUER = "https://issuer.example";

  @TempDir Path folder;

  @Test
  void aGatewayIsReadyWhileTheTablesAnswer() throws Exception {
    try (var stage = LocalStage.start(Map.of())) {
      assertThat(ask(stage)).isEqualTo("200 up");
      for (var fault :
          new Fault.OfStore[] {new Fault.Fail(), new Fault.Pause(Duration.ofHours(1))}) {
        stage.faults().set(FaultPlan.of(1, FaultRule.store(fault)));
        Until.matches("it is not ready", () -> ask(stage), "503 down"::equals);
        stage.faults().clear();
        Until.matches("it is ready again", () -> ask(stage), "200 up"::equals);
      }
    }
  }

  @Test
  void aGatewayIsReadyOnceItsIssuersHaveKeys() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/jwks.json",
        exchange -> {
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });
    server.start();
    try (var stage = LocalStage.start(issuers(server.getAddress().getPort()))) {
      var reply = ready(stage);
      assertThat(reply.status()).isEqualTo(503);
      var checks = reply.body().getJsonObject("checks");
      assertThat(checks.getString("dynamodb")).isEqualTo("up");
      assertThat(checks.getString("keys:" + ISSUER)).isEqualTo("down");
    } finally {
      server.stop(0);
    }
  }

  private Map<String, String> issuers(int port) throws IOException {
    var entry =
        new JsonObject()
            .put("issuer", ISSUER)
            .put("jwks", "http://127.0.0.1:" + port + "/jwks.json")
            .put("audience", JsonArray.of(DevKey.AUDIENCE))
            .put("algorithms", JsonArray.of("ES256"));
    var file = folder.resolve("issuers.json");
    Files.write(file, JsonArray.of(entry).encode().getBytes(UTF_8));
    return Map.of("STREAMER_TOKEN_ISSUERS", file.toString());
  }

  private record Reply(int status, JsonObject body) {}

  private static String ask(Stage stage) throws Exception {
    var reply = ready(stage);
    return reply.status() + " " + reply.body().getJsonObject("checks").getString("dynamodb");
  }

  private static Reply ready(Stage stage) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + stage.gateway().port() + "/ready");
    try (var http = HttpClient.newHttpClient()) {
      var answer = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      return new Reply(answer.statusCode(), new JsonObject(answer.body()));
    }
  }
}
