package io.streamer.local;

import io.streamer.gateway.apigateway.ApiRoute;
import io.streamer.gateway.apigateway.Mapping;
import io.streamer.local.apigateway.Settings;
import java.net.URI;
import java.util.List;

/** The WebSocket API in front of the gateway, as terraform makes it on AWS. */
final class StreamerApi {
  private StreamerApi() {}

  /**
   * The emulator's settings for it.
   *
   * @param secret what the integrations carry
   * @param api the name the gateway's settings give it
   */
  static Settings settings(List<URI> backends, String secret, String api) {
    return Settings.of(
        backends,
        new Settings.Routes(
            integration(ApiRoute.CONNECT, secret, api),
            integration(ApiRoute.MESSAGE, secret, api),
            integration(ApiRoute.DISCONNECT, secret, api)));
  }

  private static Settings.Integration integration(ApiRoute route, String secret, String api) {
    return new Settings.Integration(route.path(), Mapping.requestParameters(route, secret, api));
  }
}
