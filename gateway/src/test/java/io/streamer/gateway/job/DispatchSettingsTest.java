package io.streamer.gateway.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DispatchSettingsTest {
  @Test
  void eachHasASettingAndADefault() {
    assertThat(read(Map.of()))
        .isEqualTo(
            new DispatchSettings(
                Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(30)));
    assertThat(
            read(
                Map.of(
                    "STREAMER_NODE_BEAT", "2s",
                    "STREAMER_DUE_EVERY", "250ms",
                    "STREAMER_DISCONNECT_GRACE", "0s")))
        .isEqualTo(
            new DispatchSettings(Duration.ofSeconds(2), Duration.ofMillis(250), Duration.ZERO));
  }

  @Test
  void aHeartbeatIsNotSoRareThatItsTaskCountsAsGone() {
    assertThatThrownBy(() -> read(Map.of("STREAMER_NODE_BEAT", "16s")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_NODE_BEAT is at most 15s");
  }

  private static DispatchSettings read(Map<String, String> settings) {
    return DispatchSettings.read(new Environment(settings));
  }
}
