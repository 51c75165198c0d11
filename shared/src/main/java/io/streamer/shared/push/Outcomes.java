package io.streamer.shared.push;

import io.streamer.shared.table.SdkTrouble;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.ApiGatewayManagementApiException;

/** What an answer of the {@code @connections} API, or the lack of one, says of a push. */
public final class Outcomes {
  private static final int GONE = 410;

  private Outcomes() {}

  /**
   * Of an alias that leads nowhere. A node without a row has left, and its sockets with it. An API
   * that is not among the settings is there, with its sockets: where the settings are repaired, a
   * job's end can still be sent.
   */
  public static Pushed unknown(String endpoint) {
    return endpoint.startsWith(Endpoints.API)
        ? new Pushed.Failed(
            endpoint + " has no address: add it to STREAMER_API_ENDPOINTS and restart", false)
        : new Pushed.Gone();
  }

  /** By the status alone: an answer without its type header is the base exception. */
  public static Pushed answered(String endpoint, ApiGatewayManagementApiException e) {
    if (gone(e)) {
      return new Pushed.Gone();
    }
    var status = e.statusCode();
    return new Pushed.Failed(endpoint + " answered " + status, status == 429 || status >= 500);
  }

  /** Of whoever gave no answer. */
  public static Pushed unreachable(String endpoint, SdkClientException e) {
    return new Pushed.Failed(endpoint + " is out of reach: " + SdkTrouble.of(e), true);
  }

  /** Whether the connection is said to be no more. */
  public static boolean gone(ApiGatewayManagementApiException e) {
    return e.statusCode() == GONE;
  }
}
