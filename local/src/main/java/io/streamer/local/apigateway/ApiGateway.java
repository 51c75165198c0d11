package io.streamer.local.apigateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An emulated API Gateway WebSocket API with its {@code @connections} API, on one port. Its quirks
 * are AWS's, as far as they are known: see {@code docs/emulator.md}.
 */
public final class ApiGateway {
  private final Vertx vertx;
  private final Settings settings;
  private final Backends backends;
  private final AtomicReference<DisconnectFault> fault;
  private final int port;
  private final String deployment;

  private ApiGateway(
      Vertx vertx,
      Settings settings,
      Backends backends,
      AtomicReference<DisconnectFault> fault,
      int port,
      String deployment) {
    this.vertx = vertx;
    this.settings = settings;
    this.backends = backends;
    this.fault = fault;
    this.port = port;
    this.deployment = deployment;
  }

  /**
   * Starts it; fails with {@link IllegalArgumentException} for a mapping that AWS does not know and
   * with {@link java.net.BindException} if the port is taken.
   */
  public static Future<ApiGateway> start(Vertx vertx, Settings settings) {
    var backends = new Backends(settings.backends());
    var fault = new AtomicReference<>(DisconnectFault.NONE);
    var edge = new Edge(settings, backends, fault::get);
    return vertx
        .deployVerticle(edge)
        .map(id -> new ApiGateway(vertx, settings, backends, fault, edge.port(), id));
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
    return settings.host() + ":" + port + "/" + settings.stage();
  }

  /** The load balancer's targets. */
  public Backends backends() {
    return backends;
  }

  /** Lets something go wrong with {@code $disconnect} of connections that end from now on. */
  public void disturbDisconnect(DisconnectFault newFault) {
    fault.set(newFault);
  }

  /** Closes every socket with 1001, tells the backends and stops listening. */
  public Future<Void> close() {
    return vertx.deploymentIDs().contains(deployment)
        ? vertx.undeploy(deployment)
        : Future.succeededFuture();
  }
}
