package io.streamer.gateway.auth;

import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whose tokens are believed.
 *
 * @param keys files with public keys, PEM or JWKS
 * @param issuer what {@code iss} must be; any if empty
 * @param audience what {@code aud} must be or contain; any if empty
 * @param algorithms the allow-list: some of RS256, ES256 and EdDSA
 */
public record AuthSettings(
    List<Path> keys, Optional<String> issuer, Optional<String> audience, Set<String> algorithms) {

  static final String KEYS = "STREAMER_TOKEN_KEYS";
  private static final String ISSUER = "STREAMER_TOKEN_ISSUER";
  private static final String AUDIENCE = "STREAMER_TOKEN_AUDIENCE";
  private static final String ALGORITHMS = "STREAMER_TOKEN_ALGORITHMS";

  /** Every algorithm there is: all of them are asymmetric. */
  public static final Set<String> ALL_ALGORITHMS =
      Arrays.stream(Algorithm.values())
          .map(Algorithm::name)
          .collect(Collectors.toUnmodifiableSet());

  /**
   * @throws SettingsException if no key file is named or an algorithm is unknown
   */
  public AuthSettings {
    keys = List.copyOf(keys);
    algorithms = Set.copyOf(algorithms);
    if (keys.isEmpty()) {
      throw new SettingsException("the setting " + KEYS + " names no key file");
    }
    if (algorithms.isEmpty() || !ALL_ALGORITHMS.containsAll(algorithms)) {
      throw new SettingsException(
          "the setting " + ALGORITHMS + " is a comma list of RS256, ES256, EdDSA");
    }
  }

  /**
   * Reads the settings whose names begin with {@code STREAMER_TOKEN_}.
   *
   * @throws SettingsException if no key file is named or an algorithm is unknown
   */
  public static AuthSettings from(Environment environment) {
    var named = environment.list(ALGORITHMS);
    return new AuthSettings(
        environment.list(KEYS).stream().map(Path::of).toList(),
        environment.find(ISSUER),
        environment.find(AUDIENCE),
        named.isEmpty() ? ALL_ALGORITHMS : Set.copyOf(named));
  }
}
