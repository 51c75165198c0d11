package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** A gateway in a process of its own, over the stage's tables, is told to stop. */
@ExtendWith(LocalStage.class)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGTERM")
class ShutdownTest {
  private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");

  @Test
  void sigtermAnswersWhatIsInFlightClosesWith1012AndExitsWith0() throws Exception {
    var gate = new JsonObject().put("gate", UUID.randomUUID().toString());
    var gateway = start();
    try (var out = gateway.inputReader(UTF_8);
        var peer = Door.DIRECT.connect(door(out), Tokens.fresh())) {
      // else a full pipe would hold the process up
      Thread.ofVirtual().start(() -> out.lines().forEach(_ -> {}));
      peer.request("slow", "test.gated", gate);
      peer.request("after", "echo", gate).answer("after");

      gateway.destroy();
      assertThat(peer.await("goaway", f -> f.is("goaway")).json().getString("reason"))
          .isEqualTo("restart");
      peer.request("open", "test.open", gate);
      assertThat(peer.answer("slow").data()).isEqualTo(gate);
      assertThat(peer.closeCode()).isEqualTo(1012);
      assertThat(gateway.waitFor(20, TimeUnit.SECONDS)).as("it ends").isTrue();
      assertThat(gateway.exitValue()).isZero();
    } finally {
      gateway.destroyForcibly();
    }
  }

  private static Process start() throws IOException {
    var stage = LocalStage.stage();
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var builder =
        new ProcessBuilder(
            java,
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=logback-gateway.xml",
            "-cp",
            classPath,
            "io.streamer.gateway.Main");
    builder
        .environment()
        .putAll(
            Map.ofEntries(
                Map.entry("STREAMER_HOST", "127.0.0.1"),
                Map.entry("STREAMER_PORT", "0"),
                Map.entry("STREAMER_INTERNAL_HOST", "127.0.0.1"),
                Map.entry("STREAMER_INTERNAL_PORT", "0"),
                Map.entry("STREAMER_INTERNAL_SECRET", UUID.randomUUID().toString()),
                Map.entry("STREAMER_TABLE_PREFIX", stage.tablePrefix()),
                Map.entry(
                    "STREAMER_TOKEN_KEYS",
                    LocalStage.home().resolve(".streamer/jwks.json").toString()),
                Map.entry("STREAMER_DEMO", "true"),
                Map.entry("STREAMER_SHUTDOWN_GRACE", "15s"),
                Map.entry("AWS_ENDPOINT_URL_DYNAMODB", stage.dynamo().toString()),
                Map.entry("AWS_REGION", "us-east-1"),
                Map.entry("AWS_ACCESS_KEY_ID", "local"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "local")));
    return builder.redirectErrorStream(true).start();
  }

  private static URI door(BufferedReader out) throws IOException {
    var said = new StringBuilder();
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      var listening = LISTENING.matcher(line);
      if (listening.find()) {
        return URI.create("ws://127.0.0.1:" + listening.group(1) + "/ws");
      }
    }
    throw new AssertionError("the gateway did not start:\n" + said);
  }
}
