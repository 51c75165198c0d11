package io.streamer.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigTest {
  private static final Map<String, String> SETTINGS = Map.of("A", "a", "ON", "True", "OFF", "1");

  private final Config config = name -> Optional.ofNullable(SETTINGS.get(name));

  @Test
  void aSettingThatIsThereIsGiven() {
    assertThat(config.get("A")).isEqualTo("a");
  }

  @Test
  void aMissingSettingIsNamed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> config.get("B"))
        .withMessage("the setting B is missing");
  }

  @Test
  void onlyTrueRaisesAFlag() {
    assertThat(config.flag("ON")).isTrue();
    assertThat(config.flag("OFF")).isFalse();
    assertThat(config.flag("B")).isFalse();
  }
}
