package io.streamer.emulator.integration;

import java.util.Map;

/** What serves the routes of an API. */
public record Routes(Integration connect, Integration message, Integration disconnect) {

  /**
   * An {@code HTTP_PROXY} integration, called with POST.
   *
   * @param path behind the backend's base URI
   * @param requestParameters as Terraform's {@code request_parameters}, e.g. {@code
   *     integration.request.header.connectionId} to {@code context.connectionId}
   */
  public record Integration(String path, Map<String, String> requestParameters) {
    public Integration {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException("the path must start with /, not " + path);
      }
      requestParameters = Map.copyOf(requestParameters);
    }
  }
}
