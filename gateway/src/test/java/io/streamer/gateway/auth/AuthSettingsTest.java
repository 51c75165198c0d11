package io.streamer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.gateway.auth.IssuerSettings.Source;
import io.streamer.shared.settings.Document;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthSettingsTest {
  private static final Set<Algorithm> ALL = Set.of(Algorithm.values());

  private static AuthSettings single(
      Optional<String> issuer, Source keys, Set<String> audience, Set<Algorithm> algorithms) {
    return new AuthSettings(
        List.of(new IssuerSettings(issuer, keys, audience, algorithms, "tenant_id")));
  }

  private static Source files(String... names) {
    return new Source.Given(
        Stream.of(names).<Document>map(name -> new Document.InFile(Path.of(name))).toList(),
        "STREAMER_TOKEN_KEYS");
  }

  private static AuthSettings from(Map<String, String> settings) {
    return AuthSettings.from(new Environment(settings));
  }

  @Test
  void keysAloneAllowEveryAlgorithmOfAnyIssuer() {
    assertThat(AuthSettings.from(new Environment(Map.of("STREAMER_TOKEN_KEYS", "a.pem, b.json"))))
        .isEqualTo(
            single(
                Optional.empty(),
                files("a.pem", "b.json"),
                Set.of(),
                Set.of(Algorithm.RS256, Algorithm.ES256, Algorithm.EdDSA)));
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
                files("a.pem"),
                Set.of("a"),
                Set.of(Algorithm.ES256, Algorithm.EdDSA)));
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
  @ValueSource(strings = {"KEYS", "JWKS_URL", "ISSUER", "AUDIENCE", "ALGORITHMS"})
  void theFileAndAShortSettingContradictEachOther(String name) {
    var environment =
        new Environment(
            Map.of("STREAMER_TOKEN_ISSUERS", "issuers.json", "STREAMER_TOKEN_" + name, "x"));

    assertThatThrownBy(() -> AuthSettings.from(environment))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_TOKEN_ISSUERS or STREAMER_TOKEN_" + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"keys\":[{\"kty\":\"EC\"},{\"kty\":\"OKP\"}]}",
        "-----BEGIN PUBLIC KEY-----\nMFkw,\n-----END PUBLIC KEY-----"
      })
  void aTextIsOneDocumentWhateverCommasItHas(String text) {
    assertThat(from(Map.of("STREAMER_TOKEN_KEYS", "  " + text + "\n")))
        .isEqualTo(
            single(
                Optional.empty(),
                new Source.Given(List.of(new Document.Inline(text)), "STREAMER_TOKEN_KEYS"),
                Set.of(),
                ALL));
  }

  @Test
  void issuersMayBeGivenAsText() {
    var text =
        """
        [{"issuer": "a", "jwks": "https://a.example/jwks", "audience": ["x"], "algorithms": ["ES256"]},
         {"issuer": "b", "audience": ["x"], "algorithms": ["EdDSA"],
          "keys": ["b.pem", "-----BEGIN PUBLIC KEY-----\\nMCow", {"kty": "OKP"}]}]
        """;

    assertThat(from(Map.of("STREAMER_TOKEN_ISSUERS", text)).issuers())
        .extracting(IssuerSettings::keys)
        .containsExactly(
            new Source.Web(URI.create("https://a.example/jwks"), Duration.ofMinutes(10)),
            new Source.Given(
                List.of(
                    new Document.InFile(Path.of("b.pem")),
                    new Document.Inline("-----BEGIN PUBLIC KEY-----\nMCow"),
                    new Document.Inline("{\"kty\":\"OKP\"}")),
                "/1/keys of STREAMER_TOKEN_ISSUERS"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|: there must be",
        "[7]|' at /0: '",
        "{}|: it is no JSON array",
        "[{\"issuer\":\"a\",\"audiance\":1}]|' at /0/audiance: '",
      })
  void aMistakeInATextIsNamedByItsPointer(String text, String message) {
    assertThatThrownBy(() -> from(Map.of("STREAMER_TOKEN_ISSUERS", text)))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("the setting STREAMER_TOKEN_ISSUERS" + message);
  }

  @Test
  void oneIssuersKeysMayBeFetched() {
    var settings =
        Map.of(
            "STREAMER_TOKEN_JWKS_URL", "https://login.example/jwks.json",
            "STREAMER_TOKEN_ISSUER", "https://login.example",
            "STREAMER_TOKEN_AUDIENCE", "streamer",
            "STREAMER_TOKEN_ALGORITHMS", "RS256");

    assertThat(from(settings))
        .isEqualTo(
            single(
                Optional.of("https://login.example"),
                new Source.Web(
                    URI.create("https://login.example/jwks.json"), Duration.ofMinutes(10)),
                Set.of("streamer"),
                Set.of(Algorithm.RS256)));
  }

  @ParameterizedTest
  @CsvSource({
    "STREAMER_TOKEN_ISSUER,,STREAMER_TOKEN_ISSUER is needed",
    "STREAMER_TOKEN_AUDIENCE,,STREAMER_TOKEN_AUDIENCE is needed",
    "STREAMER_TOKEN_KEYS,a.pem,either STREAMER_TOKEN_KEYS or STREAMER_TOKEN_JWKS_URL",
    "STREAMER_TOKEN_ISSUERS,[],either STREAMER_TOKEN_ISSUERS or STREAMER_TOKEN_JWKS_URL",
    "STREAMER_TOKEN_JWKS_URL,http://login.example/jwks,STREAMER_TOKEN_JWKS_URL: it must be an https",
    "STREAMER_TOKEN_JWKS_URL,jwks.json,STREAMER_TOKEN_JWKS_URL: it is no URL",
  })
  void aSetThatIsFetchedIsForOneIssuerAndAudience(String name, String value, String message) {
    var settings =
        new HashMap<>(
            Map.of(
                "STREAMER_TOKEN_JWKS_URL", "https://login.example/jwks.json",
                "STREAMER_TOKEN_ISSUER", "https://login.example",
                "STREAMER_TOKEN_AUDIENCE", "streamer"));
    settings.put(name, value == null ? "" : value);

    assertThatThrownBy(() -> from(settings))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(message);
  }
}
