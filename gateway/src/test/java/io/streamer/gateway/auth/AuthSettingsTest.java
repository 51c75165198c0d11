package io.streamer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthSettingsTest {
  private static AuthSettings single(
      Optional<String> issuer, Set<String> audience, Set<Algorithm> algorithms, Path... files) {
    return new AuthSettings(
        List.of(
            new IssuerSettings(
                issuer,
                new IssuerSettings.Source.Files(List.of(files), "STREAMER_TOKEN_KEYS"),
                audience,
                algorithms,
                "tenant_id")));
  }

  @Test
  void keysAloneAllowEveryAlgorithmOfAnyIssuer() {
    assertThat(AuthSettings.from(new Environment(Map.of("STREAMER_TOKEN_KEYS", "a.pem, b.json"))))
        .isEqualTo(
            single(
                Optional.empty(),
                Set.of(),
                Set.of(Algorithm.RS256, Algorithm.ES256, Algorithm.EdDSA),
                Path.of("a.pem"),
                Path.of("b.json")));
  }

  @Test
  void everySettingIsRead() {
    var environment =
        new Environment(
            Map.of(
                "STREAMER_TOKEN_KEYS", "a.pem",
                "STREAMER_TOKEN_ISSUER", "i",
                "STREAMER_TOKEN_AUDIENCE", "a",
                "STREAMER_TOKEN_ALGORITHMS", "ES256,EdDSA"));

    assertThat(AuthSettings.from(environment))
        .isEqualTo(
            single(
                Optional.of("i"),
                Set.of("a"),
                Set.of(Algorithm.ES256, Algorithm.EdDSA),
                Path.of("a.pem")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"HS256", "none", "RS256,none", "es256", "RS256,RS512"})
  void anAlgorithmThatIsNotOursIsRefused(String algorithms) {
    var environment =
        new Environment(
            Map.of("STREAMER_TOKEN_KEYS", "a.pem", "STREAMER_TOKEN_ALGORITHMS", algorithms));

    assertThatThrownBy(() -> AuthSettings.from(environment))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_TOKEN_ALGORITHMS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ",", " , "})
  void noKeyFileIsRefused(String keys) {
    var environment = new Environment(Map.of("STREAMER_TOKEN_KEYS", keys));

    assertThatThrownBy(() -> AuthSettings.from(environment))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_TOKEN_KEYS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"KEYS", "ISSUER", "AUDIENCE", "ALGORITHMS"})
  void theFileAndAShortSettingContradictEachOther(String name) {
    var environment =
        new Environment(
            Map.of("STREAMER_TOKEN_ISSUERS", "issuers.json", "STREAMER_TOKEN_" + name, "x"));

    assertThatThrownBy(() -> AuthSettings.from(environment))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_TOKEN_ISSUERS or STREAMER_TOKEN_" + name);
  }
}
