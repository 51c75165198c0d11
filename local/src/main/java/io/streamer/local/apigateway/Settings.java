package io.streamer.local.apigateway;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an emulated WebSocket API is set.
 *
 * @param port 0 for any free one
 * @param stage its name, the first part of the path
 * @param stageVariables for mappings
 * @param backends base URIs of the load balancer's targets
 * @param limits quotas
 * @param serial whether the messages of one connection are handed over one at a time; AWS promises
 *     no order, so that they overtake each other unless this is set
 * @param clock empty for the wall clock
 */
public record Settings(
    String host,
    int port,
    String apiId,
    String stage,
    Map<String, String> stageVariables,
    List<URI> backends,
    Routes routes,
    Limits limits,
    boolean serial,
    Optional<Clock> clock) {

  /**
   * What serves the routes. A route without an integration is one that is not configured: without
   * {@code $connect} every handshake is accepted.
   */
  public record Routes(
      Optional<Integration> connect,
      Optional<Integration> message,
      Optional<Integration> disconnect) {}

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

  public Settings {
    if (!stage.matches("[A-Za-z0-9_-]{1,128}")) {
      throw new IllegalArgumentException("no name for a stage: " + stage);
    }
    stageVariables = Map.copyOf(stageVariables);
    backends = List.copyOf(backends);
  }

  /** A stage {@code dev} on any free port of loopback, with AWS's limits. */
  public static Settings of(List<URI> backends, Routes routes) {
    return new Settings(
        "127.0.0.1",
        0,
        "local0api1",
        "dev",
        Map.of(),
        backends,
        routes,
        Limits.AWS,
        false,
        Optional.empty());
  }

  /** The same on this port. */
  public Settings withPort(int newPort) {
    return new Settings(
        host, newPort, apiId, stage, stageVariables, backends, routes, limits, serial, clock);
  }

  /** The same at this address, with another stage. */
  public Settings at(String newHost, int newPort, String newStage) {
    return new Settings(
        newHost, newPort, apiId, newStage, stageVariables, backends, routes, limits, serial, clock);
  }

  /** The same with these limits. */
  public Settings withLimits(Limits newLimits) {
    return new Settings(
        host, port, apiId, stage, stageVariables, backends, routes, newLimits, serial, clock);
  }

  /** The same by this clock. */
  public Settings withClock(Clock newClock) {
    return new Settings(
        host,
        port,
        apiId,
        stage,
        stageVariables,
        backends,
        routes,
        limits,
        serial,
        Optional.of(newClock));
  }
}
