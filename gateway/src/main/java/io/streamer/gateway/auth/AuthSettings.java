package io.streamer.gateway.auth;

import io.streamer.gateway.auth.IssuerSettings.Source;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whose tokens are believed: one issuer by the short settings, or those of a file.
 *
 * @param issuers never none; each has a name of its own unless it is the only one
 */
public record AuthSettings(List<IssuerSettings> issuers) {
  static final String KEYS = "STREAMER_TOKEN_KEYS";
  static final String ISSUERS = "STREAMER_TOKEN_ISSUERS";
  private static final String ISSUER = "STREAMER_TOKEN_ISSUER";
  private static final String AUDIENCE = "STREAMER_TOKEN_AUDIENCE";
  private static final String ALGORITHMS = "STREAMER_TOKEN_ALGORITHMS";
  private static final List<String> SHORT = List.of(KEYS, ISSUER, AUDIENCE, ALGORITHMS);

  public AuthSettings {
    issuers = List.copyOf(issuers);
  }

  /**
   * Reads the settings whose names begin with {@code STREAMER_TOKEN_}, and the issuers file if they
   * name one.
   *
   * @throws SettingsException if no keys are named, both forms are mixed, an algorithm is unknown
   *     or the issuers file is wrong
   */
  public static AuthSettings from(Environment environment) {
    var file = environment.find(ISSUERS);
    if (file.isEmpty()) {
      return new AuthSettings(List.of(single(environment)));
    }
    for (var name : SHORT) {
      if (environment.find(name).isPresent()) {
        throw new SettingsException(
            "set either "
                + ISSUERS
                + " or "
                + name
                + ": the file says for each issuer what the short settings say for one");
      }
    }
    return new AuthSettings(IssuersFile.read(Path.of(file.get())));
  }

  private static IssuerSettings single(Environment environment) {
    var keys = environment.list(KEYS).stream().map(Path::of).toList();
    if (keys.isEmpty()) {
      throw new SettingsException(
          "the setting " + KEYS + " names no key file; or name several issuers by " + ISSUERS);
    }
    return new IssuerSettings(
        environment.find(ISSUER),
        new Source.Files(keys, KEYS),
        environment.find(AUDIENCE).map(Set::of).orElse(Set.of()),
        algorithms(environment.list(ALGORITHMS)),
        IssuerSettings.TENANT_CLAIM);
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
