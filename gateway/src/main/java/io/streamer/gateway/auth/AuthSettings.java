package io.streamer.gateway.auth;

import io.streamer.gateway.auth.IssuerSettings.Source;
import io.streamer.shared.settings.Document;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whose tokens are believed: one issuer by the short settings, or those of a document.
 *
 * @param issuers never none; each has a name of its own unless it is the only one
 */
public record AuthSettings(List<IssuerSettings> issuers) {
  static final Setting KEYS = Setting.TOKEN_KEYS;
  static final Setting ISSUERS = Setting.TOKEN_ISSUERS;
  static final Setting JWKS_URL = Setting.TOKEN_JWKS_URL;
  private static final Setting ISSUER = Setting.TOKEN_ISSUER;
  private static final Setting AUDIENCE = Setting.TOKEN_AUDIENCE;
  private static final Setting ALGORITHMS = Setting.TOKEN_ALGORITHMS;
  private static final List<Setting> SHORT = List.of(KEYS, JWKS_URL, ISSUER, AUDIENCE, ALGORITHMS);

  public AuthSettings {
    issuers = List.copyOf(issuers);
  }

  /**
   * Reads the settings whose names begin with {@code STREAMER_TOKEN_}, and the issuers file if they
   * name one.
   *
   * @throws SettingsException if no keys are named, forms are mixed, an algorithm is unknown or the
   *     issuers are wrong
   */
  public static AuthSettings from(Environment environment) {
    var issuers = environment.find(ISSUERS);
    if (issuers.isEmpty()) {
      return new AuthSettings(List.of(single(environment)));
    }
    for (var name : SHORT) {
      if (environment.find(name).isPresent()) {
        throw new SettingsException(
            "set either "
                + ISSUERS
                + " or "
                + name
                + ": the former says for each issuer what the short settings say for one");
      }
    }
    return new AuthSettings(IssuersFile.read(Document.of(issuers.get())));
  }

  private static IssuerSettings single(Environment environment) {
    return new IssuerSettings(
        environment.find(ISSUER),
        source(environment),
        environment.find(AUDIENCE).map(Set::of).orElse(Set.of()),
        algorithms(environment.list(ALGORITHMS)),
        IssuerSettings.TENANT_CLAIM);
  }

  private static Source source(Environment environment) {
    var url = environment.find(JWKS_URL);
    var keys = environment.find(KEYS);
    if (url.isPresent() && keys.isPresent()) {
      throw new SettingsException("set either " + KEYS + " or " + JWKS_URL);
    }
    if (url.isPresent()) {
      // a provider's set verifies the tokens of all its customers and their applications
      for (var name : List.of(ISSUER, AUDIENCE)) {
        if (environment.find(name).isEmpty()) {
          throw new SettingsException("the setting " + name + " is needed beside " + JWKS_URL);
        }
      }
      return fetched(url.get());
    }
    var documents =
        keys.filter(Document::isText).map(List::of).orElseGet(() -> environment.list(KEYS)).stream()
            .map(Document::of)
            .toList();
    if (documents.isEmpty()) {
      throw new SettingsException(
          "there are no keys to verify tokens with: set "
              + KEYS
              + ", "
              + JWKS_URL
              + " or, for several issuers, "
              + ISSUERS);
    }
    return new Source.Given(documents, KEYS.variable());
  }

  private static Source fetched(String url) {
    try {
      return new Source.Web(KeySetUrl.parse(url), IssuersFile.OVERLAP);
    } catch (IllegalArgumentException wrong) {
      throw new SettingsException("the setting " + JWKS_URL + ": " + wrong.getMessage());
    }
  }

  private static Set<Algorithm> algorithms(List<String> named) {
    if (named.isEmpty()) {
      return Set.of(Algorithm.values());
    }
    var known =
        named.stream()
            .map(Algorithm::named)
            .flatMap(Optional::stream)
            .collect(Collectors.toUnmodifiableSet());
    if (known.size() < new HashSet<>(named).size()) {
      throw new SettingsException(
          "the setting " + ALGORITHMS + " is a comma list of " + Algorithm.NAMES);
    }
    return known;
  }
}
