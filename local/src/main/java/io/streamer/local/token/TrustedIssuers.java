package io.streamer.local.token;

import io.streamer.gateway.auth.AuthSettings;
import io.streamer.shared.settings.Document;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whose tokens a local stage believes beside those of its own key: issuers that it was told of. */
public final class TrustedIssuers {
  /** The settings that say who they are, as the gateway knows them. */
  private static final Set<Setting> SAID_BY =
      Set.of(
          Setting.TOKEN_KEYS,
          Setting.TOKEN_JWKS_URL,
          Setting.TOKEN_ISSUER,
          Setting.TOKEN_AUDIENCE,
          Setting.TOKEN_ALGORITHMS,
          Setting.TOKEN_ISSUERS);

  private TrustedIssuers() {}

  /**
   * These settings, in which the key's own issuer stands behind those that they name; as they are
   * if they name none.
   *
   * @throws SettingsException as the gateway throws it, or if keys that are given come without the
   *     issuer and the audience by which their tokens are told from the stage's own
   */
  public static Map<String, String> beside(DevKey key, Map<String, String> settings) {
    var environment = new Environment(settings);
    if (SAID_BY.stream().allMatch(it -> environment.find(it).isEmpty())) {
      return settings;
    }
    var _ = AuthSettings.from(environment);
    var all =
        environment
            .find(Setting.TOKEN_ISSUERS)
            .map(TrustedIssuers::listed)
            .orElseGet(() -> JsonArray.of(single(environment)));
    all.add(
        new JsonObject()
            .put("issuer", DevKey.ISSUER)
            .put("keys", JsonArray.of(new JsonObject(key.jwks())))
            .put("audience", JsonArray.of(DevKey.AUDIENCE))
            .put("algorithms", JsonArray.of("ES256")));
    var changed = new HashMap<>(settings);
    SAID_BY.forEach(it -> changed.remove(it.variable()));
    changed.put(Setting.TOKEN_ISSUERS.variable(), all.encode());
    changed.put(Setting.PUBLISH_KEYS.variable(), key.jwks());
    return Map.copyOf(changed);
  }

  private static JsonObject single(Environment environment) {
    for (var needed : List.of(Setting.TOKEN_ISSUER, Setting.TOKEN_AUDIENCE)) {
      if (environment.find(needed).isEmpty()) {
        throw new SettingsException(
            "the setting "
                + needed
                + " is needed beside "
                + Setting.TOKEN_KEYS
                + ": a local stage has tokens of its own, too");
      }
    }
    var issuer =
        new JsonObject()
            .put("issuer", environment.text(Setting.TOKEN_ISSUER))
            .put("audience", JsonArray.of(environment.text(Setting.TOKEN_AUDIENCE)))
            .put("algorithms", new JsonArray(environment.list(Setting.TOKEN_ALGORITHMS)));
    return environment
        .find(Setting.TOKEN_JWKS_URL)
        .map(url -> issuer.put("jwks", url))
        .orElseGet(() ->
            issuer.put(
                "keys",
                environment
                    .find(Setting.TOKEN_KEYS)
                    .filter(Document::isText)
                    .map(JsonArray::of)
                    .orElseGet(() -> new JsonArray(environment.list(Setting.TOKEN_KEYS)))));
  }

  /** Those of a document that was found good; files are named so that they are found from here. */
  private static JsonArray listed(String value) {
    var document = Document.of(value);
    try {
      var all = new JsonArray(document.text());
      if (document instanceof Document.InFile(var path)) {
        all.stream()
            .map(JsonObject.class::cast)
            .filter(issuer -> issuer.containsKey("keys"))
            .forEach(issuer -> issuer.put("keys", beside(path, issuer.getJsonArray("keys"))));
      }
      return all;
    } catch (IOException e) {
      throw new SettingsException(
          "the issuers file " + value + " cannot be read: " + e.getMessage());
    }
  }

  private static JsonArray beside(Path file, JsonArray keys) {
    return new JsonArray(
        keys.stream()
            .map(key ->
                key instanceof String name && !Document.isText(name)
                    ? file.toAbsolutePath().resolveSibling(name).toString()
                    : key)
            .toList());
  }
}
