package io.streamer.system;

import io.streamer.local.stage.Stage;
import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/** What every client does, whatever its language: the scenarios of {@code clients/conformance}. */
@Timeout(300)
class ClientConformanceTest {
  private static final ShiftedClock CLOCK = new ShiftedClock();

  private static Stage stage;
  private static Map<Door, Front> fronts;
  private static final Map<ClientLanguage, ClientDriver> DRIVERS =
      new EnumMap<>(ClientLanguage.class);
  private static final Map<ClientLanguage, TestAbortedException> MISSING =
      new EnumMap<>(ClientLanguage.class);

  @BeforeAll
  static void start() throws IOException {
    for (var language : wanted()) {
      try {
        DRIVERS.put(language, language.driver());
      } catch (TestAbortedException e) {
        MISSING.put(language, e);
      }
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
                .clock(CLOCK));
    fronts =
        Map.of(
            Door.DIRECT, new Front(stage.vertx(), Door.DIRECT.of(stage)),
            Door.API_GATEWAY, new Front(stage.vertx(), Door.API_GATEWAY.of(stage)));
  }

  @AfterAll
  static void stop() {
    DRIVERS.values().forEach(ClientDriver::close);
    if (stage != null) {
      fronts.values().forEach(Front::close);
      stage.close();
    }
  }

  @ParameterizedTest(name = "{0}: {1}, at {2}")
  @MethodSource
  void everyClient(ClientLanguage language, Scenario scenario, Door door) {
    var driver = DRIVERS.get(language);
    if (driver == null) {
      throw MISSING.get(language);
    }
    new ScenarioRun(stage, CLOCK, fronts.get(door), driver).play(scenario);
  }

  static Stream<Arguments> everyClient() throws IOException {
    var scenarios = Scenario.all();
    return wanted().stream()
        .flatMap(language ->
            scenarios.stream()
                .flatMap(scenario ->
                    Stream.of(Door.values())
                        .filter(door -> scenario.playedAt(door, language.splits()))
                        .map(door -> Arguments.of(language, scenario, door))));
  }

  private static Set<ClientLanguage> wanted() {
    var name = System.getProperty("streamer.client");
    return name == null
        ? EnumSet.allOf(ClientLanguage.class)
        : EnumSet.of(ClientLanguage.valueOf(name.toUpperCase(Locale.ROOT)));
  }
}
