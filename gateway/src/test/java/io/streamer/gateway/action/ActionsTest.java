package io.streamer.gateway.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.Run;
import io.streamer.shared.job.Catalogue;
import io.streamer.shared.settings.Environment;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ActionsTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void anActionHasTheAttemptsThatItSaysAndAnUnknownOneTheUsual() {
    // no run of this test writes files
    var actions = new Actions(vertx, InstantSource.system(), null);
    var catalogue =
        Catalogue.of(
            List.of((handlers, _) -> handlers.add(Five.class, Five::new)),
            new Environment(Map.of()));
    actions.serve(catalogue, Duration.ZERO).await();
    assertThat(actions.attempts("five")).isEqualTo(5);
    assertThat(actions.attempts("unknown")).isEqualTo(3);
  }

  /** Tried five times. */
  @Action(value = "five", expected = "1m", attempts = 5)
  public static final class Five implements Handler<Map<String, String>, String> {
    @Override
    public String handle(Map<String, String> nothing, Run run) {
      return "";
    }
  }
}
