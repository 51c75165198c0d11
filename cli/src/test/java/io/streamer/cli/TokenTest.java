package io.streamer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.token.TokenClaims;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {
  @TempDir Path home;

  @Test
  void nothingButTheTokenIsPrinted() {
    var ran = token();

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\\R");
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void itSaysWhoWhoseAndForHowLong() {
    var claims = claims(token("--ttl", "15m"));

    assertThat(claims.getString("sub")).isEqualTo("ada");
    assertThat(claims.getString("tenant_id")).isEqualTo("acme");
    assertThat(claims.getString("iss")).isEqualTo("streamer-dev");
    assertThat(claims.getString("aud")).isEqualTo("streamer");
    assertThat(claims.getLong("exp") - claims.getLong("iat")).isEqualTo(15 * 60);
    assertThat(claims.containsKey("permissions")).isFalse();
  }

  @Test
  void permissionsAreACommaList() {
    assertThat(claims(token("--permissions", "a,b")).getJsonArray("permissions"))
        .isEqualTo(JsonArray.of("a", "b"));
  }

  @Test
  void claimsAreMergedInAndNullRemovesOne() {
    var claims =
        claims(token("--claims", "{\"sub\":\"eve\",\"exp\":null,\"level\":{\"deep\":1.5}}"));

    assertThat(claims.getString("sub")).isEqualTo("eve");
    assertThat(claims.containsKey("exp")).isFalse();
    assertThat(claims.getJsonObject("level").getDouble("deep")).isEqualTo(1.5);
    assertThat(claims.getString("tenant_id")).isEqualTo("acme");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"x\"", "null", "{", "", "{} {}"})
  void claimsThatAreNoObjectAreWrongUsage(String text) {
    var ran = token("--claims", text);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("--claims");
  }

  @Test
  void aTimeWithoutItsUnitIsWrongUsage() {
    var ran = token("--ttl", "60");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("--ttl").contains("30s");
  }

  @Test
  void userAndTenantAreThoseOfTheOtherCommandsUnlessGiven() {
    assertThat(claims(Ran.inScript(home, "token", "--user", "ada")).getString("tenant_id"))
        .isEqualTo(TokenClaims.TENANT);
    assertThat(claims(Ran.inScript(home, "token", "--tenant", "acme")).getString("sub"))
        .isEqualTo(TokenClaims.USER);
  }

  private Ran token(String... more) {
    var args = new ArrayList<>(List.of("token", "--user", "ada", "--tenant", "acme"));
    args.addAll(List.of(more));
    return Ran.inScript(home, args.toArray(String[]::new));
  }

  private static JsonObject claims(Ran ran) {
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    var payload = ran.out().split("\\.", -1)[1];
    return new JsonObject(new String(Base64.getUrlDecoder().decode(payload), UTF_8));
  }
}
