package io.streamer.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;

/**
 * Asks the gateway of this container whether it is ready, for images that have no shell and no
 * curl: exit code 0 if {@code GET /ready} on the direct door's port answers 200, else 1.
 */
public final class HealthCheck {
  // one round of the gateway's own checks takes two seconds at most
  private static final int PATIENCE_MS = 3_000;
  private static final int STATUS_LINE = "HTTP/1.1 200".length();

  private HealthCheck() {}

  public static void main(String[] args) {
    System.exit(isReady(System.getenv()) ? 0 : 1);
  }

  static boolean isReady(Map<String, String> environment) {
    // a plain socket: an HTTP client would cost more than the question
    try (var socket = new Socket()) {
      int port = Integer.parseInt(environment.getOrDefault("STREAMER_PORT", "8081"));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
      socket.setSoTimeout(PATIENCE_MS);
      socket
          .getOutputStream()
          .write("GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      var status = new String(socket.getInputStream().readNBytes(STATUS_LINE), US_ASCII);
      return status.endsWith(" 200");
    } catch (IOException | NumberFormatException _) {
      return false;
    }
  }
}
