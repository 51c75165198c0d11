package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's routes, asked as other pages of a developer's browser would ask them. */
@ExtendWith(LocalStage.class)
@Timeout(60)
class ConsoleRoutesTest {
  private static final int PORT = LocalStage.stage().console().getPort();

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]"})
  void thePageIsServedUnderTheNamesOfLoopback(String host) throws IOException {
    var answer = ask("GET", "/", host + ":" + PORT);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("<title>Streamer console</title>");
  }

  @Test
  void thePageForbidsInlineScriptsAndFrames() throws IOException {
    assertThat(ask("GET", "/", own()).headers())
        .contains("X-Content-Type-Options: nosniff", "Cache-Control: no-store")
        .anySatisfy(header ->
            assertThat(header)
                .startsWith("Content-Security-Policy: default-src 'self';")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/console/main.js",
        "/console/actions.json",
        "/console/connections.json",
        "/console/feed/jobs",
        "/console/feed/live"
      })
  void anotherHostIsRefused(String path) throws IOException {
    var answer = ask("GET", path, "rebound.example:" + PORT);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.json().getJsonObject("error").getString("code"))
        .isEqualTo("host_not_allowed");
  }

  @Test
  void aReboundHostGetsNoToken() throws IOException {
    var host = "rebound.example:" + PORT;
    var answer =
        ask(
            "POST",
            "/console/token",
            host,
            "Origin: http://" + host,
            "Sec-Fetch-Site: same-origin");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).doesNotContain("token\"");
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site: cross-site, Origin: https://elsewhere.example",
    "Sec-Fetch-Site: same-site, Origin: http://127.0.0.1:3000",
    "Sec-Fetch-Site: same-origin, Origin: null",
    "Sec-Fetch-Site: none, Accept: */*",
    "Origin: http://localhost, Accept: */*",
    "Accept: */*, User-Agent: curl"
  })
  void onlyTheConsolesOwnPageGetsAToken(String one, String other) throws IOException {
    var answer = ask("POST", "/console/token", own(), one, other);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.json().getJsonObject("error").getString("code"))
        .isEqualTo("origin_not_allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sec-Fetch-Site: same-origin", "Origin: http://"})
  void theConsolesTokenHoldsEveryPermissionThatActionsNeed(String proof) throws IOException {
    var header = proof.startsWith("Origin") ? proof + own() : proof;
    var answer = ask("POST", "/console/token", own(), header);

    assertThat(answer.status()).isEqualTo(200);
    var claims =
        new JsonObject(
            new String(
                Base64.getUrlDecoder().decode(answer.json().getString("token").split("\\.", -1)[1]),
                UTF_8));
    assertThat(claims.getString("tenant_id")).isEqualTo("demo");
    assertThat(claims.getJsonArray("permissions")).contains("reports:read", "reports:write");
  }

  @Test
  void aTokenIsNothingToGet() throws IOException {
    assertThat(ask("GET", "/console/token", own(), "Sec-Fetch-Site: same-origin").status())
        .isEqualTo(404);
  }

  @Test
  void anotherSiteReadsNoConnections() throws IOException {
    assertThat(ask("GET", "/console/connections.json", own(), "Sec-Fetch-Site: same-site").status())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jobs", "jobs/any", "stage", "live"})
  void anotherSiteReadsNothingOfTheFeed(String path) throws IOException {
    assertThat(ask("GET", "/console/feed/" + path, own(), "Sec-Fetch-Site: cross-site").status())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jobs/any/kill", "jobs/any/redrive", "jobs/any/cancel", "faults/off"})
  void onlyTheConsolesOwnPageChangesAnything(String path) throws IOException {
    assertThat(ask("POST", "/console/feed/" + path, own(), "Accept: */*").status()).isEqualTo(403);
    assertThat(
            ask(
                    "POST",
                    "/console/feed/" + path,
                    own(),
                    "Sec-Fetch-Site: same-site",
                    "Origin: http://127.0.0.1:3000")
                .status())
        .isEqualTo(403);
  }

  @Test
  void aLinkFromAnotherSiteLeadsToThePage() throws IOException {
    assertThat(
            ask("GET", "/", own(), "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate")
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/console/none.js", "/console/%2e%2e%2fConsole.class", "/console/"})
  void onlyThePagesFilesAreServed(String path) throws IOException {
    assertThat(ask("GET", path, own()).status()).isEqualTo(404);
  }

  @Test
  void connectionsOfTheTenantAreListed() throws IOException {
    try (var peer = Door.DIRECT.connect(Tokens.of("seen-by-console", "demo"))) {
      var id = UUID.randomUUID().toString();
      var session =
          peer.send(new JsonObject().put("type", "hello").put("id", id))
              .answer(id)
              .json()
              .getString("session");
      var listed = ask("GET", "/console/connections.json", own()).json();

      assertThat(listed.getJsonArray("connections").stream().map(JsonObject.class::cast))
          .anySatisfy(row -> {
            assertThat(row.getString("id")).isEqualTo(session);
            assertThat(row.getString("user")).isEqualTo("seen-by-console");
            assertThat(row.getString("endpoint")).startsWith("node:");
          });
    }
  }

  private static String own() {
    return "127.0.0.1:" + PORT;
  }

  private static PlainHttp.Answer ask(String method, String path, String host, String... headers)
      throws IOException {
    return PlainHttp.ask(PORT, method, path, host, headers);
  }
}
