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
public record Settings(
    String host,
    int port,
    String stage,
    List<URI> backends,
    Routes routes,
    Limits limits,
    Timekeeper clock,
    Traffic traffic) {
  public Settings {
    if (!stage.matches("[A-Za-z0-9_-]{1,128}")) {
      throw new IllegalArgumentException("no name for a stage: " + stage);
    }
    backends = List.copyOf(backends);
  }

  /** One whose messages nobody sees. */
  public Settings(
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
  public static Settings of(List<URI> backends, Routes routes) {
    return new Settings("127.0.0.1", 0, "dev", backends, routes, Limits.AWS, Timekeeper.system());
  }

  /** The same on this port. */
  public Settings withPort(int newPort) {
    return at(host, newPort, stage);
  }

  /** The same at this address, with another stage. */
  public Settings at(String newHost, int newPort, String newStage) {
    return new Settings(newHost, newPort, newStage, backends, routes, limits, clock, traffic);
  }

  /** The same with these limits. */
  public Settings withLimits(Limits newLimits) {
    return new Settings(host, port, stage, backends, routes, newLimits, clock, traffic);
  }

  /** The same by this clock. */
  public Settings withClock(Timekeeper newClock) {
    return new Settings(host, port, stage, backends, routes, limits, newClock, traffic);
  }

  /** The same, with messages seen by this. */
  public Settings withTraffic(Traffic seenBy) {
    return new Settings(host, port, stage, backends, routes, limits, clock, seenBy);
  }
}
