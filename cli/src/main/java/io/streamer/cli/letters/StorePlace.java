package io.streamer.cli.letters;

import io.streamer.cli.door.DevAddress;
import io.streamer.local.token.TokenClaims;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import io.streamer.shared.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the tables that a command works on: those of the running dev stage, or, if it is asked to,
 * those that the environment names as it does for gateway and worker. A region alone, which many
 * have in their environment, leads to nobody's account.
 */
public record StorePlace(Path home, Map<String, String> environment) {
  private static final List<String> NAMES =
      List.of("AWS_ENDPOINT_URL_DYNAMODB", "AWS_REGION", "STREAMER_TABLE_PREFIX");

  /**
   * Finds them.
   *
   * @param onAws whether those of the environment are asked for
   */
  LetterTables find(boolean onAws) {
    return onAws
        ? place(new Environment(environment), Optional.empty())
        : new DevAddress(home)
            .store()
            .map(StorePlace::ofDev)
            .orElseThrow(() ->
                new SettingsException(
                    "no tables are known: start ./streamer dev, or add --aws for those of an"
                        + " account, with what the gateway has of "
                        + String.join(", ", NAMES)
                        + " in the environment"));
  }

  private static LetterTables ofDev(DevAddress.Store store) {
    var environment =
        new Environment(
            Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_ENDPOINT_URL_DYNAMODB", store.address().toString(),
                "AWS_ACCESS_KEY_ID", "local",
                "AWS_SECRET_ACCESS_KEY", "local",
                "STREAMER_TABLE_PREFIX", store.prefix()));
    return place(environment, Optional.of(TokenClaims.TENANT));
  }

  private static LetterTables place(Environment environment, Optional<String> tenant) {
    return new LetterTables(AwsSettings.read(environment), StoreSettings.read(environment), tenant);
  }
}
