package io.streamer.gateway.apigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.gateway.GatewaySettings;
import io.streamer.shared.push.PushSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntegrationSettingsTest {
  private static final String SECRET = "STREAMER_INTEGRATION_SECRET";
  private static final String APIS = "STREAMER_API_ENDPOINTS";
  private static final String URL = "main=https://api.example.com/live";

  @Test
  void withoutBothThereIsNoDoor() {
    assertThat(read(Map.of())).isEmpty();
  }

  @Test
  void bothOpenTheDoor() {
    var settings = read(Map.of(SECRET, "next,now", APIS, URL + ",b=http://b")).orElseThrow();
    assertThat(settings.secrets()).containsExactly("next", "now");
    assertThat(settings.endpoints()).containsExactlyInAnyOrder("api:main", "api:b");
    assertThat(settings.toString()).doesNotContain("next", "now");
  }

  @Test
  void halfOfThemIsAMistake() {
    for (var half : List.of(Map.of(SECRET, "now"), Map.of(APIS, URL))) {
      assertThatThrownBy(() -> read(half))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining(SECRET)
          .hasMessageContaining(APIS);
    }
  }

  @Test
  void theirPortIsTheirOwnOnlyIfItIsSet() {
    assertThat(read(Map.of(SECRET, "now", APIS, URL)).orElseThrow().port()).isEmpty();
    for (var port : List.of("0", "8083")) {
      var settings = read(Map.of(SECRET, "now", APIS, URL, "STREAMER_INTEGRATION_PORT", port));
      assertThat(settings.orElseThrow().port()).hasValue(Integer.parseInt(port));
    }
  }

  @Test
  void aPortWithoutADoorOrOutOfRangeIsAMistake() {
    assertThatThrownBy(() -> read(Map.of("STREAMER_INTEGRATION_PORT", "8083")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_INTEGRATION_PORT")
        .hasMessageContaining(SECRET);
    for (var port : List.of("-1", "65536", "x")) {
      assertThatThrownBy(
              () -> read(Map.of(SECRET, "now", APIS, URL, "STREAMER_INTEGRATION_PORT", port)))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("STREAMER_INTEGRATION_PORT");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"one,two,three", "with space", "it's"})
  void aSecretThatNoIntegrationCanCarryIsRefusedUnseen(String secrets) {
    assertThatThrownBy(() -> read(Map.of(SECRET, secrets, APIS, URL)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(SECRET)
        .hasMessageNotContaining(secrets);
  }

  @Test
  void theThresholdLeavesApiGatewayTimeForAnAnswer() {
    var settings = new HashMap<String, String>();
    settings.put("AWS_REGION", "eu-west-1");
    settings.put("STREAMER_INTERNAL_SECRET", "inside");
    settings.put("STREAMER_TOKEN_KEYS", "keys.pem");
    settings.put("STREAMER_SYNC_THRESHOLD", "26s");
    assertThat(GatewaySettings.read(new Environment(settings)).threshold()).hasSeconds(26);
    settings.put(SECRET, "now");
    settings.put(APIS, URL);
    assertThatThrownBy(() -> GatewaySettings.read(new Environment(settings)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_SYNC_THRESHOLD")
        .hasMessageContaining("25s");
    settings.put("STREAMER_SYNC_THRESHOLD", "25s");
    assertThat(GatewaySettings.read(new Environment(settings)).apiGateway()).isPresent();
  }

  private static Optional<IntegrationSettings> read(Map<String, String> values) {
    var environment = new Environment(values);
    return IntegrationSettings.read(environment, PushSettings.read(environment));
  }
}
