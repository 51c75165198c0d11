package io.streamer.emulator.apigateway;

import io.streamer.emulator.aws.Timekeeper;
import io.streamer.emulator.integration.Routes;
import java.net.URI;
import java.util.List;

/**
 * How an emulated WebSocket API is set.
 *
 * @param port 0 for any free one
 * @param stage its name, the first part of the path
 * @param backends base URIs of the load balancer's targets
 * @param limits quotas
 * @param clock by which its limits count
 * @param traffic sees the messages
 */
public record ApiSettings(
    String host,
    int port,
    String stage,
    List<URI> backends,
    Routes routes,
    Limits limits,
    Timekeeper clock,
    Traffic traffic) {
  public ApiSettings {
    if (!stage.matches("[A-Za-z0-9_-]{1,128}")) {
      throw new IllegalArgumentException("no name for a stage: " + stage);
    }
    backends = List.copyOf(backends);
  }

  /** One whose messages nobody sees. */
  public ApiSettings(
      String host,
      int port,
      String stage,
      List<URI> backends,
      Routes routes,
      Limits limits,
      Timekeeper clock) {
    this(host, port, stage, backends, routes, limits, clock, Traffic.UNSEEN);
  }

  /** A stage {@code dev} on any free port of loopback, with AWS's limits. */
  public static ApiSettings of(List<URI> backends, Routes routes) {
    return new ApiSettings(
        "127.0.0.1", 0, "dev", backends, routes, Limits.AWS, Timekeeper.system());
  }

  /** The same on this port. */
  public ApiSettings withPort(int newPort) {
    return at(host, newPort, stage);
  }

  /** The same at this address, with another stage. */
  public ApiSettings at(String newHost, int newPort, String newStage) {
    return new ApiSettings(newHost, newPort, newStage, backends, routes, limits, clock, traffic);
  }

  /** The same with these limits. */
  public ApiSettings withLimits(Limits newLimits) {
    return new ApiSettings(host, port, stage, backends, routes, newLimits, clock, traffic);
  }

  /** The same by this clock. */
  public ApiSettings withClock(Timekeeper newClock) {
    return new ApiSettings(host, port, stage, backends, routes, limits, newClock, traffic);
  }

  /** The same, with messages seen by this. */
  public ApiSettings withTraffic(Traffic seenBy) {
    return new ApiSettings(host, port, stage, backends, routes, limits, clock, seenBy);
  }
}
