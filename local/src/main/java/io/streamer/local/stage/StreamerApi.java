package io.streamer.local.stage;

import io.streamer.emulator.apigateway.ApiGateway;
import io.streamer.emulator.apigateway.ApiSettings;
import io.streamer.emulator.apigateway.PortEvents;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.fault.Senders;
import io.streamer.emulator.integration.Routes;
import io.streamer.gateway.apigateway.ApiRoute;
import io.streamer.gateway.apigateway.Mapping;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The WebSocket API in front of the gateway, as terraform makes it on AWS. */
public final class StreamerApi {
  private static final Logger LOG = LoggerFactory.getLogger(StreamerApi.class);

  private StreamerApi() {}

  /**
   * The emulator's settings for it.
   *
   * @param secret what the integrations carry
   * @param api the name the gateway's settings give it
   */
  public static ApiSettings settings(List<URI> backends, String secret, String api) {
    return ApiSettings.of(
        backends,
        new Routes(
            integration(ApiRoute.CONNECT, secret, api),
            integration(ApiRoute.MESSAGE, secret, api),
            integration(ApiRoute.DISCONNECT, secret, api)));
  }

  /** Starts it; strangers cost a line a minute of each kind, as at the gateway. */
  public static Future<ApiGateway> start(
      Vertx vertx, ApiSettings settings, Senders senders, Faults faults) {
    var seldom = new io.streamer.gateway.http.Strangers(LOG, settings.clock()::now);
    var strangers =
        new PortEvents() {
          @Override
          public void watch(HttpServer server) {
            seldom.watch(server);
          }

          @Override
          public void meet(HttpConnection connection) {
            seldom.meet(connection);
          }

          @Override
          public void failed(String kind, Throwable thrown) {
            seldom.failed(kind, thrown);
          }
        };
    return ApiGateway.start(vertx, settings, strangers, senders, faults);
  }

  private static Routes.Integration integration(ApiRoute route, String secret, String api) {
    return new Routes.Integration(route.path(), Mapping.requestParameters(route, secret, api));
  }
}
