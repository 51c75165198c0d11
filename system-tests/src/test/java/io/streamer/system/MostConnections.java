package io.streamer.system;

import io.streamer.gateway.GatewaySettings;
import io.streamer.shared.settings.Environment;
import java.util.Map;

/** Prints how many sockets a gateway takes where no setting says so. */
final class MostConnections {
  private MostConnections() {}

  /** Takes no arguments. */
  public static void main(String[] none) {
    var settings =
        Map.of(
            "AWS_REGION", "eu-west-1",
            "STREAMER_INTERNAL_SECRET", "secret-0123456789",
            "STREAMER_TOKEN_KEYS", "keys.pem");
    System.out.println(GatewaySettings.read(new Environment(settings)).maxConnections());
  }
}
