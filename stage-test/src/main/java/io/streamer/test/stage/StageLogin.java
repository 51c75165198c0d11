package io.streamer.test.stage;

import io.streamer.local.stage.Stage;
import io.streamer.local.token.DevKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Somebody who may come in by either door. */
public final class StageLogin {
  private static final Duration TTL = Duration.ofHours(4);

  private final Stage stage;
  private final String token;

  StageLogin(Stage stage, DevKey key, String user, String tenant, List<String> permissions) {
    this.stage = stage;
    this.token = key.sign(DevKey.claims(user, tenant, permissions, TTL, Instant.now()));
  }

  /** A token that the stage accepts for four hours. */
  public String token() {
    return token;
  }

  /** A socket to the gateway itself; the caller closes it. */
  public StageClient direct() {
    return new StageClient(stage.direct(), token).settled();
  }

  /** A socket through the API Gateway emulator; the caller closes it. */
  public StageClient apiGateway() {
    return new StageClient(stage.apiGateway(), token).settled();
  }
}
