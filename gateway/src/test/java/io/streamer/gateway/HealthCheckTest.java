package io.streamer.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCheckTest {

  @ParameterizedTest
  @CsvSource({"200, true", "503, false", "404, false"})
  void theAnswerToReadyDecides(int status, boolean ready) throws IOException {
    var gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.createContext(
        "/",
        exchange -> {
          boolean asked = exchange.getRequestURI().getPath().equals("/ready");
          exchange.sendResponseHeaders(asked ? status : 500, -1);
          exchange.close();
        });
    gateway.start();
    try {
      assertThat(HealthCheck.isReady(port(gateway.getAddress().getPort()))).isEqualTo(ready);
    } finally {
      gateway.stop(0);
    }
  }

  @Test
  void nobodyListeningIsNotReady() throws IOException {
    int free;
    try (var socket = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThat(HealthCheck.isReady(port(free))).isFalse();
  }

  private static Map<String, String> port(int port) {
    return Map.of("STREAMER_PORT", Integer.toString(port));
  }
}
