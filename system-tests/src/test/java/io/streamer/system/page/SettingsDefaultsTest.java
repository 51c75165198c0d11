package io.streamer.system.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.Settings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the settings page says of a setting that is left out. */
class SettingsDefaultsTest {
  /** Their defaults are told in words, not as a value. */
  private static final EnumSet<Setting> IN_WORDS =
      EnumSet.of(
          Setting.INTERNAL_ADDRESS,
          Setting.INTEGRATION_PORT,
          Setting.NODE_ID,
          Setting.MAX_CONNECTIONS,
          Setting.MAX_USER_CONNECTIONS);

  private static final Map<String, String> NEEDED =
      Map.of(
          "AWS_REGION", "eu-west-1",
          "STREAMER_INTERNAL_SECRET", "only-for-this-test-0123456789abcdef",
          "STREAMER_TOKEN_KEYS", "keys.pem",
          "STREAMER_NODE_ID", "node",
          "STREAMER_INTERNAL_ADDRESS", "127.0.0.1");

  @ParameterizedTest
  @MethodSource
  void leavingASettingOutIsLikeSettingItsDefault(Setting setting) {
    assertThat(read(setting, setting.fallback())).isEqualTo(read(setting, ""));
  }

  static Stream<Setting> leavingASettingOutIsLikeSettingItsDefault() {
    return EnumSet.complementOf(IN_WORDS).stream().filter(setting -> !setting.fallback().isEmpty());
  }

  private static Settings read(Setting setting, String value) {
    var environment = new HashMap<>(NEEDED);
    environment.put(setting.variable(), value);
    return Settings.read(new Environment(environment));
  }
}
