package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.fault.Trap;
import io.streamer.local.stage.Stage;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A gateway that dies takes the sockets of the direct door with it; a client of API Gateway hears
 * nothing of it, and must have no answer to what was not done.
 */
@Timeout(60)
class KilledWhileAnsweringTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** API Gateway's own message, of an integration that failed. */
  private static final String FAILED = "Internal server error";

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static Stage stage;

  private final String gate = UUID.randomUUID().toString();
  private final String token = Tokens.of("ann", "tenant-" + gate);

  @BeforeAll
  static void start() {
    stage = LocalStage.start(Map.of());
  }

  @AfterAll
  static void stop() {
    HTTP.shutdownNow();
    stage.close();
  }

  @Test
  void aRepeatedRequestIsAcknowledgedOnlyByWhoMadeItTheOwner() throws Exception {
    try (var first = Door.DIRECT.connect(stage, token)) {
      var job = first.request("r-1", "test.gated-job", payload()).acknowledgment("r-1").jobId();
      var heard = new LinkedBlockingQueue<String>();
      var api =
          HTTP.newWebSocketBuilder()
              .header("Authorization", "Bearer " + token)
              .buildAsync(stage.apiGateway(), new Ear(heard))
              .join();
      var again =
          new JsonObject()
              .put("id", "r-1")
              .put("action", "test.gated-job")
              .put("payload", payload())
              .encode();

      var trap =
          stage.faults().when(write -> write.sets("route").isPresent()).before().then(Trap.kill());
      api.sendText(again, true).join();
      trap.await(SOON);
      var answer = next(heard);
      assertThat(answer).contains(FAILED);
      answer =
          Until.matches(
              "another gateway is there",
              () -> {
                api.sendText(again, true).join();
                return next(heard);
              },
              text -> !text.contains(FAILED));
      assertThat(answer).contains("\"acknowledgment\"", "\"duplicate\"", job);
      TestActions.open(gate);
      var end = next(heard);
      while (!end.contains("\"complete\"")) {
        assertThat(end).contains("\"progress\"");
        end = next(heard);
      }
      assertThat(end).contains(job);
    }
  }

  private static String next(BlockingQueue<String> heard) throws InterruptedException {
    var text = heard.poll(20, TimeUnit.SECONDS);
    assertThat(text).as("another frame").isNotNull();
    return text;
  }

  private JsonObject payload() {
    return new JsonObject().put("gate", gate);
  }

  private record Ear(BlockingQueue<String> heard) implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      heard.add(data.toString());
      from.request(1);
      return null;
    }
  }
}
