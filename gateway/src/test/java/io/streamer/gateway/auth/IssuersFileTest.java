package io.streamer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.gateway.auth.IssuerSettings.Source;
import io.streamer.shared.settings.Document;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuersFileTest {
  private static final Path FILE = Path.of("/etc/streamer/issuers.json");

  @TempDir Path folder;

  private static JsonObject web() {
    return new JsonObject()
        .put("issuer", "https://login.example")
        .put("jwks", "https://login.example/jwks.json")
        .put("audience", JsonArray.of("streamer"))
        .put("algorithms", JsonArray.of("RS256", "ES256"));
  }

  private static JsonObject files() {
    var entry = web().put("keys", JsonArray.of("a.pem", "/keys/b.json"));
    entry.remove("jwks");
    return entry;
  }

  private static List<IssuerSettings> parse(JsonObject... entries) {
    return IssuersFile.parse(new Document.InFile(FILE), new JsonArray(List.of(entries)).encode());
  }

  private static JsonObject without(JsonObject entry, String member) {
    entry.remove(member);
    return entry;
  }

  @Test
  void anIssuerWhoseKeysAreFetchedIsRead() {
    var entry = web().put("tenant_claim", "org").put("overlap", "90s");

    assertThat(parse(entry))
        .containsExactly(
            new IssuerSettings(
                Optional.of("https://login.example"),
                new Source.Web(
                    URI.create("https://login.example/jwks.json"), Duration.ofSeconds(90)),
                Set.of("streamer"),
                Set.of(Algorithm.RS256, Algorithm.ES256),
                "org"));
  }

  @Test
  void tenantClaimAndOverlapHaveTheirUsualValues() {
    assertThat(parse(web()))
        .singleElement()
        .satisfies(issuer -> {
          assertThat(issuer.tenantClaim()).isEqualTo("tenant_id");
          assertThat(issuer.keys())
              .isInstanceOfSatisfying(
                  Source.Web.class,
                  source -> assertThat(source.overlap()).isEqualTo(Duration.ofMinutes(10)));
        });
  }

  @Test
  void keyFilesStandBesideTheFileThatNamesThem() {
    assertThat(parse(files()))
        .extracting(IssuerSettings::keys)
        .containsExactly(
            new Source.Given(
                List.of(
                    new Document.InFile(Path.of("/etc/streamer/a.pem")),
                    new Document.InFile(Path.of("/keys/b.json"))),
                "/0/keys of " + FILE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost/jwks.json",
        "http://127.0.0.1:8081/jwks.json",
        "http://127.8.9.10/jwks.json",
        "http://[::1]:8081/jwks.json",
        "https://login.example:8443/a?b=c"
      })
  void plainHttpIsForThisHostAlone(String url) {
    assertThat(parse(web().put("jwks", url))).hasSize(1);
  }

  record Wrong(String text, String pointer, String why) {
    static Wrong of(JsonObject entry, String pointer, String why) {
      return new Wrong(new JsonArray().add(entry).encode(), pointer, why);
    }
  }

  static Stream<Wrong> wrong() {
    var texts = "a list of 1 to 64 texts";
    var many = IntStream.range(0, 65).mapToObj(i -> (Object) web().put("issuer", "i" + i)).toList();
    return Stream.of(
        new Wrong("", "", "no JSON array"),
        new Wrong("{}", "", "no JSON array"),
        new Wrong("[", "", "no JSON array"),
        new Wrong("[] x", "", "no JSON array"),
        new Wrong("[]", "", "1 to 64 issuers"),
        new Wrong(new JsonArray(many).encode(), "", "1 to 64 issuers"),
        new Wrong("[7]", "/0", "an object"),
        new Wrong(new JsonArray().add(web()).add(web()).encode(), "/1/issuer", "twice"),
        Wrong.of(web().put("audiance", "x"), "/0/audiance", "unknown"),
        Wrong.of(web().put("a/b~c", "x"), "/0/a~1b~0c", "unknown"),
        Wrong.of(without(web(), "issuer"), "/0/issuer", "required"),
        Wrong.of(web().put("issuer", 7), "/0/issuer", "required"),
        Wrong.of(web().put("issuer", " "), "/0/issuer", "required"),
        Wrong.of(web().put("issuer", "x".repeat(513)), "/0/issuer", "512"),
        Wrong.of(without(web(), "jwks"), "/0", "either jwks"),
        Wrong.of(web().put("keys", JsonArray.of("a.pem")), "/0", "either jwks"),
        Wrong.of(web().putNull("jwks"), "/0/jwks", "required"),
        Wrong.of(web().put("jwks", "http://login.example/jwks"), "/0/jwks", "https"),
        Wrong.of(web().put("jwks", "http://127.0.0.1.login.example/"), "/0/jwks", "https"),
        Wrong.of(web().put("jwks", "http://localhost.login.example/"), "/0/jwks", "https"),
        Wrong.of(web().put("jwks", "ftp://login.example/jwks"), "/0/jwks", "https"),
        Wrong.of(web().put("jwks", "file:///etc/passwd"), "/0/jwks", "no URL of a host"),
        Wrong.of(web().put("jwks", "https://a:b@login.example/"), "/0/jwks", "without user"),
        Wrong.of(web().put("jwks", "https://login.example/#a"), "/0/jwks", "fragment"),
        Wrong.of(web().put("jwks", "jwks.json"), "/0/jwks", "no URL of a host"),
        Wrong.of(web().put("jwks", "https://login example/"), "/0/jwks", "no URL"),
        Wrong.of(files().put("keys", "a.pem"), "/0/keys", texts),
        Wrong.of(files().put("keys", new JsonArray()), "/0/keys", texts),
        Wrong.of(files().put("keys", JsonArray.of("a.pem", 7)), "/0/keys/1", "required"),
        Wrong.of(files().put("keys", JsonArray.of("a.pem", null)), "/0/keys/1", "required"),
        Wrong.of(
            files().put("keys", JsonArray.of("-----BEGIN" + " ".repeat(16_384))),
            "/0/keys/0",
            "512"),
        Wrong.of(files().put("overlap", "1m"), "/0/overlap", "fetched"),
        Wrong.of(without(web(), "audience"), "/0/audience", texts),
        Wrong.of(web().put("audience", "streamer"), "/0/audience", texts),
        Wrong.of(web().put("audience", JsonArray.of("")), "/0/audience/0", "required"),
        Wrong.of(
            web().put("audience", new JsonArray(Collections.nCopies(65, "a"))),
            "/0/audience",
            texts),
        Wrong.of(without(web(), "algorithms"), "/0/algorithms", texts),
        Wrong.of(web().put("algorithms", new JsonArray()), "/0/algorithms", texts),
        Wrong.of(web().put("algorithms", JsonArray.of("HS256")), "/0/algorithms", "RS256, ES256"),
        Wrong.of(web().put("algorithms", JsonArray.of("none")), "/0/algorithms", "RS256, ES256"),
        Wrong.of(web().put("tenant_claim", 7), "/0/tenant_claim", "required"),
        Wrong.of(web().put("tenant_claim", ""), "/0/tenant_claim", "required"),
        Wrong.of(web().put("overlap", 600), "/0/overlap", "required"),
        Wrong.of(web().put("overlap", "soon"), "/0/overlap", "0s to 24h"),
        Wrong.of(web().put("overlap", "25h"), "/0/overlap", "0s to 24h"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void aMistakeIsNamedByFileAndPointer(Wrong wrong) {
    var place = wrong.pointer().isEmpty() ? ": " : " at " + wrong.pointer() + ": ";

    assertThatThrownBy(() -> IssuersFile.parse(new Document.InFile(FILE), wrong.text()))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("the issuers file " + FILE + " (STREAMER_TOKEN_ISSUERS)" + place)
        .hasMessageContaining(wrong.why());
  }

  private static AuthSettings from(Path file) {
    return AuthSettings.from(new Environment(Map.of("STREAMER_TOKEN_ISSUERS", file.toString())));
  }

  @Test
  void theSettingNamesTheFile() {
    var file = Tokens.file(folder, "json", new JsonArray().add(web()).encode());

    assertThat(from(file).issuers()).isEqualTo(parse(web()));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> from(folder.resolve("missing.json")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("missing.json")
        .hasMessageContaining("cannot be read");
  }

  @Test
  void aFileOfMoreThanAMebibyteIsNotRead() {
    var file = Tokens.file(folder, "json", " ".repeat(1024 * 1024 + 1));

    assertThatThrownBy(() -> from(file))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("1 MiB");
  }
}
