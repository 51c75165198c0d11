package io.streamer.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MainTest {
  /** ECS's default between its signal and its kill. */
  private static final Duration KILLED_AFTER = Duration.ofSeconds(30);

  @Test
  void allThatAStopMayWaitForIsOverBeforeTheProcessWouldBeKilled() {
    var grace = new Environment(Map.of()).positive(Setting.SHUTDOWN_GRACE);
    assertThat(grace.plus(Main.BEHIND_GRACE)).isLessThan(KILLED_AFTER);
  }
}
