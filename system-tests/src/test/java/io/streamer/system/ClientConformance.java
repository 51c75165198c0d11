package io.streamer.system;

import io.streamer.local.stage.Stage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/**
 * What every client does, whatever its language: the scenarios of {@code clients/conformance}. A
 * class for each client, with a stage of its own: a scenario mostly waits, so they are played
 * beside each other.
 */
@Timeout(300)
@TestInstance(Lifecycle.PER_CLASS)
abstract class ClientConformance {
  private final ShiftedClock clock = new ShiftedClock();
  private final ClientLanguage language;

  private Stage stage;
  private Map<Door, Front> fronts;
  private ClientDriver driver;
  private TestAbortedException missing;

  ClientConformance(ClientLanguage language) {
    this.language = language;
  }

  @BeforeAll
  void start() throws IOException {
    try {
      driver = language.driver();
    } catch (TestAbortedException e) {
      missing = e;
      return;
    }
    stage =
        Stage.start(
            LocalStage.options()
                .modules(List.of(new ConformanceActions()))
                // what is due is looked at when a scenario says so, at its time
                .settings(
                    Map.of(
                        "STREAMER_LEASE", "10s",
                        "STREAMER_SYNC_THRESHOLD", "500ms",
                        "STREAMER_DUE_EVERY", "10d",
                        "STREAMER_HEARTBEAT", "10d"))
                .clock(clock));
    fronts =
        Map.of(
            Door.DIRECT, new Front(stage.vertx(), Door.DIRECT.of(stage)),
            Door.API_GATEWAY, new Front(stage.vertx(), Door.API_GATEWAY.of(stage)));
  }

  @AfterAll
  void stop() {
    if (driver != null) {
      driver.close();
    }
    if (fronts != null) {
      fronts.values().forEach(Front::close);
    }
    if (stage != null) {
      stage.close();
    }
  }

  @ParameterizedTest(name = "{0}, at {1}")
  @MethodSource("scenarios")
  void plays(Scenario scenario, Door door) {
    if (missing != null) {
      throw missing;
    }
    new ScenarioRun(stage, clock, fronts.get(door), driver).play(scenario);
  }

  Stream<Arguments> scenarios() throws IOException {
    return Scenario.all().stream()
        .flatMap(scenario ->
            Stream.of(Door.values())
                .filter(door -> scenario.playedAt(door, language.splits()))
                .map(door -> Arguments.of(scenario, door)));
  }
}
