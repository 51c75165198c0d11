package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.streamer.local.stage.Stage;
import io.streamer.local.token.DevKey;
import io.streamer.local.token.TrustedIssuers;
import io.streamer.shared.settings.SettingsException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A local stage that is told of an identity provider believes its tokens, and its own. */
@Timeout(120)
class TrustedIssuersTest {
  private static final DevKey OWN = DevKey.at(LocalStage.home());
  private static final String ISSUER = "https://login.example.com";

  @TempDir Path folder;

  @Test
  void tokensOfTheProvidersKeysAndOfTheStagesOwnAreBelieved() throws IOException {
    var provider = DevKey.at(folder.resolve("provider"));
    var web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/jwks.json",
        exchange -> {
          var body = provider.jwks().getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    web.start();
    var settings =
        Map.of(
            "STREAMER_TOKEN_JWKS_URL",
            "http://127.0.0.1:" + web.getAddress().getPort() + "/jwks.json",
            "STREAMER_TOKEN_ISSUER",
            ISSUER,
            "STREAMER_TOKEN_AUDIENCE",
            "shop");
    try (var stage = LocalStage.start(TrustedIssuers.beside(OWN, settings))) {
      for (var door : Door.values()) {
        isBelieved(door, stage, provider.sign(claims(ISSUER, "shop")));
        isBelieved(door, stage, OWN.sign(Tokens.claims()));
      }
      isRefused(stage, provider.sign(claims(ISSUER, "another")));
      isRefused(stage, provider.sign(Tokens.claims()));
      isRefused(stage, OWN.sign(claims(ISSUER, "shop")));
    } finally {
      web.stop(0);
    }
  }

  @Test
  void keysThatAreGivenAreBelievedToo() throws IOException {
    var provider = DevKey.at(folder.resolve("provider"));
    Files.writeString(folder.resolve("provider.pem"), provider.publicPem());
    var entry =
        new JsonObject()
            .put("issuer", ISSUER)
            .put("keys", JsonArray.of("provider.pem"))
            .put("audience", JsonArray.of("shop"))
            .put("algorithms", JsonArray.of("ES256"))
            .put("tenant_claim", "org");
    var file = Files.writeString(folder.resolve("issuers.json"), JsonArray.of(entry).encode());
    var settings = Map.of("STREAMER_TOKEN_ISSUERS", file.toString(), "STREAMER_LEASE", "9s");

    var all = TrustedIssuers.beside(OWN, settings);
    assertThat(all).containsEntry("STREAMER_LEASE", "9s");
    try (var stage = LocalStage.start(all)) {
      var claims = claims(ISSUER, "shop");
      claims.put("org", claims.remove("tenant_id"));
      isBelieved(Door.DIRECT, stage, provider.sign(claims));
      isBelieved(Door.DIRECT, stage, OWN.sign(Tokens.claims()));
    }
  }

  @Test
  void keysAloneAreNotToldFromTheStagesOwn() {
    assertThatThrownBy(
            () -> TrustedIssuers.beside(OWN, Map.of("STREAMER_TOKEN_KEYS", OWN.publicPem())))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("the setting STREAMER_TOKEN_ISSUER is needed beside");
  }

  @Test
  void withoutAProviderNothingIsChanged() {
    var settings = Map.of("STREAMER_LEASE", "9s");

    assertThat(TrustedIssuers.beside(OWN, settings)).isEqualTo(settings);
  }

  private static Map<String, Object> claims(String issuer, String audience) {
    var claims = new HashMap<>(Tokens.claims());
    claims.put("iss", issuer);
    claims.put("aud", audience);
    return claims;
  }

  private static void isBelieved(Door door, Stage stage, String token) {
    try (var peer = door.connect(stage, token)) {
      var answer = peer.request("r-1", "echo", new JsonObject().put("n", 1)).answer("r-1");
      assertThat(answer.data().getJsonObject("echo").getInteger("n")).isEqualTo(1);
    }
  }

  private static void isRefused(Stage stage, String token) {
    assertThat(
            Peer.knock(
                Door.DIRECT,
                stage.direct(),
                builder -> builder.header("Authorization", "Bearer " + token)))
        .isInstanceOfSatisfying(
            Peer.Handshake.Refused.class, refused -> assertThat(refused.status()).isEqualTo(401));
  }
}
