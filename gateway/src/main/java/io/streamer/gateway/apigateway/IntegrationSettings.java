package io.streamer.gateway.apigateway;

import io.streamer.shared.push.PushSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What this door needs to be open.
 *
 * @param secrets of which the integrations carry one; two while one takes the other's place
 * @param endpoints the aliases of the APIs in front of this gateway
 * @param port of a listener for the integrations alone, 0 for any free one; without it they come to
 *     the direct door's
 */
public record IntegrationSettings(List<String> secrets, Set<String> endpoints, OptionalInt port) {
  private static final Setting PORT = Setting.INTEGRATION_PORT;
  private static final Setting SECRET = Setting.INTEGRATION_SECRET;
  private static final int MOST_SECRETS = 2;

  public IntegrationSettings {
    secrets = List.copyOf(secrets);
    endpoints = Set.copyOf(endpoints);
  }

  /**
   * Reads them; empty if no API stands in front of this gateway.
   *
   * @throws SettingsException if only half of what the door needs is there
   */
  public static Optional<IntegrationSettings> read(Environment environment, PushSettings push) {
    var secrets = environment.list(SECRET);
    if (secrets.isEmpty() != push.apis().isEmpty()) {
      throw new SettingsException(
          "the settings "
              + SECRET
              + " and STREAMER_API_ENDPOINTS open the API Gateway door together: set both or none");
    }
    var port = environment.find(PORT);
    if (secrets.isEmpty() && port.isPresent()) {
      throw new SettingsException(
          "the setting " + PORT + " is for the API Gateway door, which " + SECRET + " opens");
    }
    if (secrets.isEmpty()) {
      return Optional.empty();
    }
    if (secrets.size() > MOST_SECRETS || !secrets.stream().allMatch(Mapping::mayBeStatic)) {
      throw new SettingsException(
          "the setting "
              + SECRET
              + " is one or two secrets, each 1 to 256 letters, digits and ._~+/=-");
    }
    return Optional.of(
        new IntegrationSettings(
            secrets,
            push.apis().keySet(),
            port.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(environment.whole(PORT, 0, 0, 65_535))));
  }

  /** Without the secrets, which must reach no log. */
  @Override
  public String toString() {
    return "IntegrationSettings[" + endpoints + "]";
  }
}
