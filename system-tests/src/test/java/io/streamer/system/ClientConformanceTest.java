package io.streamer.system;

import io.streamer.local.stage.Stage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every client does, whatever its language: the scenarios of {@code clients/conformance}. */
@Timeout(60)
class ClientConformanceTest {
  private static final ShiftedClock CLOCK = new ShiftedClock();

  private static Stage stage;
  private static Map<Door, Front> fronts;
  private static ClientDriver driver;

  @BeforeAll
  static void start() throws IOException {
    var project = NodeProject.built("js");
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
                .clock(CLOCK));
    fronts =
        Map.of(
            Door.DIRECT, new Front(stage.vertx(), Door.DIRECT.of(stage)),
            Door.API_GATEWAY, new Front(stage.vertx(), Door.API_GATEWAY.of(stage)));
    driver = new ClientDriver(project.folder(), List.of("node", "conformance/driver.mjs"));
  }

  @AfterAll
  static void stop() {
    if (driver != null) {
      driver.close();
      fronts.values().forEach(Front::close);
      stage.close();
    }
  }

  @ParameterizedTest(name = "{0}, at {1}")
  @MethodSource
  void aClientOfJavaScript(Scenario scenario, Door door) {
    new ScenarioRun(stage, CLOCK, fronts.get(door), driver).play(scenario);
  }

  static Stream<Arguments> aClientOfJavaScript() throws IOException {
    return Scenario.all().stream()
        .flatMap(scenario -> Stream.of(Door.values()).map(door -> Arguments.of(scenario, door)));
  }
}
