package io.streamer.system;

import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageOptions;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stage says of each request and job, which {@code dev} prints. */
@Timeout(60)
class StageLinesTest {
  private static final List<String> LINES = new CopyOnWriteArrayList<>();
  private static Stage stage;

  @BeforeAll
  static void start() {
    stage =
        Stage.start(
            StageOptions.at(LocalStage.home())
                .settings(Map.of("STREAMER_SYNC_THRESHOLD", "300ms"))
                .log(LINES::add));
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo | {} | echo $ answered in \\d+ ms",
        "delay | {} | delay $ refused: VALIDATION_ERROR: /payload/seconds is missing",
        "nothing | {} | request $ refused: INVALID_ACTION: no handler for nothing",
      })
  void aRequestAndItsEndAreTold(String action, String payload, String line) {
    try (var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      var id = action + payload.hashCode();
      peer.request(id, action, new JsonObject(payload));
      told(line.replace("$", id));
    }
  }

  @Test
  void aFrameThatIsNoneOfOursIsTold() {
    try (var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      peer.send("{\"type\":\"cancel\"}").next();
      told("a frame is refused: VALIDATION_ERROR: .*");
    }
  }

  @Test
  void whatOverrunsIsToldWithItsEnd() {
    try (var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      var gate = UUID.randomUUID().toString();
      peer.request("over", "test.gated", new JsonObject().put("gate", gate));
      told("test.gated over takes longer than expected and goes on as job \\S+");
      TestActions.open(gate);
      told("test.gated over succeeded");
    }
  }

  private static void told(String line) {
    Until.holds(
        "told: " + line + " in " + LINES, () -> LINES.stream().anyMatch(it -> it.matches(line)));
  }
}
