package io.streamer.shared.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import io.streamer.shared.settings.Transport;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushSettingsTest {
  @Test
  void withoutAnyThereIsNoApiAndNothingIsSent() {
    var settings = PushSettings.read(new Environment(Map.of()));
    assertThat(settings.apis()).isEmpty();
    assertThat(settings.secrets()).isEmpty();
  }

  @Test
  void eachApiHasItsAlias() {
    assertThat(apis("main=https://a.example.com/live, eu-2 = http://127.0.0.1:3001/"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "api:main", URI.create("https://a.example.com/live"),
                "api:eu-2", URI.create("http://127.0.0.1:3001")));
  }

  @Test
  void theFirstSecretIsSentAndAllAreAccepted() {
    var settings =
        PushSettings.read(new Environment(Map.of("STREAMER_INTERNAL_SECRET", "new, old")));
    assertThat(settings.secrets()).containsExactly("new", "old");
    assertThat(settings.toString()).doesNotContain("new", "old");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a.example.com/live",
        "Main=https://a.example.com",
        "a23456789012345678901234567890123=https://a.example.com",
        "main=a.example.com",
        "main=",
        "main=ftp://a.example.com",
        "main=https://user:pass@a.example.com",
        "main=https://a.example.com/?x=1",
        "main=https://a.example.com/#x",
        "main=https://a.example.com,main=https://b.example.com"
      })
  void whatIsNoApiIsRefusedAndTheSettingNamed(String text) {
    assertThatThrownBy(() -> apis(text))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_API_ENDPOINTS");
  }

  @Test
  void pushesGoOutWithoutTheSdkUnlessTheyAreToGoByIt() {
    assertThat(transport("lean")).isEqualTo(Transport.LEAN);
    assertThat(transport("sdk")).isEqualTo(Transport.SDK);
    assertThat(PushSettings.read(new Environment(Map.of())).transport()).isEqualTo(Transport.LEAN);
    assertThatThrownBy(() -> transport("fast"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_PUSH_TRANSPORT");
  }

  private static Transport transport(String text) {
    return PushSettings.read(new Environment(Map.of("STREAMER_PUSH_TRANSPORT", text))).transport();
  }

  private static Map<String, URI> apis(String text) {
    return PushSettings.read(new Environment(Map.of("STREAMER_API_ENDPOINTS", text))).apis();
  }
}
