package io.streamer.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;

/**
 * Asks the gateway of this container whether it runs, for images that have no shell and no curl:
 * exit code 0 if {@code GET /health} on the direct door's port answers 200, else 1. With the
 * argument {@code ready} it asks {@code GET /ready}: that depends on others, such as the tables,
 * and a container that is restarted for it loses its sockets and mends nothing.
 */
public final class HealthCheck {
  // one round of the gateway's own readiness checks takes two seconds at most
  private static final int PATIENCE_MS = 3_000;
  private static final int STATUS_LINE = "HTTP/1.1 200".length();

  private HealthCheck() {}

  public static void main(String[] args) {
    System.exit(holds(List.of(args), System.getenv()) ? 0 : 1);
  }

  static boolean holds(List<String> arguments, Map<String, String> environment) {
    var page = arguments.equals(List.of("ready")) ? "/ready" : "/health";
    // a plain socket: an HTTP client would cost more than the question
    try (var socket = new Socket()) {
      int port = Integer.parseInt(environment.getOrDefault("STREAMER_PORT", "8081"));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
      socket.setSoTimeout(PATIENCE_MS);
      socket
          .getOutputStream()
          .write(("GET " + page + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII));
      var status = new String(socket.getInputStream().readNBytes(STATUS_LINE), US_ASCII);
      return status.endsWith(" 200");
    } catch (IOException | NumberFormatException _) {
      return false;
    }
  }
}
