package io.streamer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.auth.Verified.Granted;
import io.streamer.handler.Caller;
import io.streamer.shared.settings.Document;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What docs/identity-providers.md says of tokens, with claims in the form of each provider. */
class IdentityProvidersPageTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_795_996_800);
  private static final Caller ANN = new Caller("acme", "ann", Set.of("jobs:read"));

  enum Good {
    COGNITO_ID_TOKEN(
        "tenant_id",
        """
        {"aud": "app", "token_use": "id", "cognito:groups": ["jobs:read"],
         "tenant_id": "acme", "permissions": ["jobs:read"]}
        """),
    AUTH0_OF_AN_ORGANIZATION(
        "org_id",
        """
        {"aud": ["app", "https://login.example.com/userinfo"], "azp": "page", "scope": "openid",
         "org_id": "acme", "permissions": ["jobs:read"]}
        """),
    AUTH0_WITH_AN_ACTION(
        "https://shop.example.com/tenant",
        """
        {"aud": "app", "https://shop.example.com/tenant": "acme", "permissions": ["jobs:read"]}
        """),
    KEYCLOAK(
        "tenant_id",
        """
        {"aud": ["app", "account"], "typ": "Bearer", "realm_access": {"roles": ["x"]},
         "tenant_id": "acme", "permissions": ["jobs:read"]}
        """);

    private final String tenantClaim;
    private final String claims;

    Good(String tenantClaim, String claims) {
      this.tenantClaim = tenantClaim;
      this.claims = claims;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTokenThatIsSetUpAsThePageSaysHolds(Good token) {
    assertThat(check(token.claims, token.tenantClaim))
        .isInstanceOfSatisfying(Granted.class, it -> assertThat(it.caller()).isEqualTo(ANN));
  }

  enum Bad {
    COGNITO_ACCESS_TOKEN(
        "tenant_id",
        """
        {"client_id": "app", "token_use": "access",
         "tenant_id": "acme", "permissions": ["jobs:read"]}
        """),
    COGNITO_BY_VERSION_1(
        "tenant_id",
        """
        {"aud": "app", "tenant_id": "acme", "permissions": "jobs:read"}
        """),
    KEYCLOAK_MULTIVALUED_TENANT(
        "tenant_id",
        """
        {"aud": "app", "tenant_id": ["acme"], "permissions": ["jobs:read"]}
        """),
    TENANT_WITHIN_ANOTHER_CLAIM(
        "app_metadata.tenant",
        """
        {"aud": "app", "app_metadata": {"tenant": "acme"}, "permissions": ["jobs:read"]}
        """);

    private final String tenantClaim;
    private final String claims;

    Bad(String tenantClaim, String claims) {
      this.tenantClaim = tenantClaim;
      this.claims = claims;
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneThatIsNotIsRefused(Bad token) {
    assertThat(check(token.claims, token.tenantClaim)).isNotInstanceOf(Granted.class);
  }

  /** As Entra ID names them: the directory is the tenant, and roles are no permissions. */
  @ParameterizedTest
  @EnumSource
  void whatAnotherClaimPermitsIsNotRead(Elsewhere claim) {
    var claims = "{\"aud\": \"app\", \"tid\": \"acme\", %s}".formatted(claim.text);

    assertThat(check(claims, "tid"))
        .isInstanceOfSatisfying(
            Granted.class, it -> assertThat(it.caller().permissions()).isEmpty());
  }

  enum Elsewhere {
    ROLES("\"roles\": [\"jobs:read\"]"),
    SCOPE("\"scope\": \"jobs:read\""),
    SCP("\"scp\": \"jobs:read\""),
    GROUPS("\"groups\": [\"jobs:read\"]");

    private final String text;

    Elsewhere(String text) {
      this.text = text;
    }
  }

  private static Verified check(String claims, String tenantClaim) {
    var issuer =
        IssuersFile.parse(
                new Document.InFile(Path.of("issuers.json")),
                """
                [{"issuer": "https://login.example.com/", "jwks": "https://login.example.com/keys",
                  "audience": ["app"], "algorithms": ["RS256"], "tenant_claim": "%s"}]
                """
                    .formatted(tenantClaim))
            .getFirst();
    var token =
        new JsonObject(claims)
            .put("iss", "https://login.example.com/")
            .put("sub", "ann")
            .put("exp", NOW.getEpochSecond() + 900);
    return Claims.check(token, issuer, NOW);
  }
}
