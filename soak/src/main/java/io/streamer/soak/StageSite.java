package io.streamer.soak;

import io.streamer.local.DevKey;
import io.streamer.local.Stage;
import io.streamer.local.StageOptions;
import io.streamer.local.TokenClaims;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A stage in this process, where everything that can fail does, as the seed has it. */
public final class StageSite implements Site {
  private static final Duration TOKEN = Duration.ofDays(2);

  private final DevKey key;
  private final Stage stage;

  /**
   * Starts a stage.
   *
   * @param faults whether anything fails at all
   */
  public StageSite(Path home, Path ledger, long seed, boolean faults) {
    this.key = DevKey.at(home);
    this.stage =
        Stage.start(
            StageOptions.at(home)
                .modules(List.of(new SoakActions()))
                .settings(
                    Map.of(
                        SoakActions.LEDGER,
                        ledger.toString(),
                        "STREAMER_LEASE",
                        "5s",
                        "STREAMER_SUBMIT_DUE",
                        "3s",
                        "STREAMER_SYNC_THRESHOLD",
                        "300ms")));
  }

  @Override
  public List<Door> doors() {
    return List.of(new Door(stage.direct(), true), new Door(stage.apiGateway(), false));
  }

  @Override
  public URI dynamo() {
    return stage.dynamo();
  }

  @Override
  public String tablePrefix() {
    return stage.tablePrefix();
  }

  @Override
  public String token(String user, String tenant) {
    return key.sign(TokenClaims.of(user, tenant, List.of(), TOKEN, Instant.now()).all());
  }

  @Override
  public void begin() {}

  @Override
  public void end() {}

  @Override
  public Map<String, Long> counts() {
    return Map.of();
  }

  @Override
  public void close() {
    stage.close();
  }
}
