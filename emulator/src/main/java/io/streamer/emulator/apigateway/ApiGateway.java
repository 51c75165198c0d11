package io.streamer.emulator.apigateway;

import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.fault.Senders;
import io.streamer.emulator.integration.Backends;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;

/**
 * An emulated API Gateway WebSocket API with its {@code @connections} API, on one port. Its quirks
 * are AWS's, as far as they are known: see {@code docs/emulator.md}.
 */
public final class ApiGateway {
  private final Vertx vertx;
  private final ApiSettings settings;
  private final Backends backends;
  private final Edge edge;
  private final String deployment;

  private ApiGateway(
      Vertx vertx, ApiSettings settings, Backends backends, Edge edge, String deployment) {
    this.vertx = vertx;
    this.settings = settings;
    this.backends = backends;
    this.edge = edge;
    this.deployment = deployment;
  }

  /**
   * Starts it; fails with {@link IllegalArgumentException} for a mapping that AWS does not know and
   * with {@link java.net.BindException} if the port is taken.
   *
   * @param faults as these say, pushes, sockets and {@code $disconnect} go wrong
   */
  public static Future<ApiGateway> start(
      Vertx vertx, ApiSettings settings, PortEvents strangers, Senders senders, Faults faults) {
    var backends = new Backends(settings.backends());
    var edge = new Edge(settings, backends, strangers, senders, faults);
    return vertx
        .deployVerticle(edge)
        .map(id -> new ApiGateway(vertx, settings, backends, edge, id));
  }

  /** Where clients connect, as {@code ws://127.0.0.1:port/stage}. */
  public URI socketUri() {
    return URI.create("ws://" + authority());
  }

  /** The endpoint of the {@code @connections} API, as {@code http://127.0.0.1:port/stage}. */
  public URI managementUri() {
    return URI.create("http://" + authority());
  }

  private String authority() {
    return settings.host() + ":" + edge.port() + "/" + settings.stage();
  }

  /** The load balancer's targets. */
  public Backends backends() {
    return backends;
  }

  /** Cuts all sockets, without a close frame; done with how many there were. */
  public Future<Integer> cut() {
    return edge.cut();
  }

  /** Closes every socket with 1001, tells the backends and stops listening. */
  public Future<Void> close() {
    return vertx.deploymentIDs().contains(deployment)
        ? vertx.undeploy(deployment)
        : Future.succeededFuture();
  }
}
