package io.streamer.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCheckTest {

  @ParameterizedTest
  @CsvSource({
    "200, 200, true, true",
    "200, 503, true, false",
    "503, 200, false, true",
    "404, 404, false, false"
  })
  void aContainerLivesWhateverItWaitsFor(int health, int ready, boolean lives, boolean serves)
      throws IOException {
    var gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.createContext("/health", exchange -> answer(exchange, health));
    gateway.createContext("/ready", exchange -> answer(exchange, ready));
    gateway.start();
    try {
      var environment = port(gateway.getAddress().getPort());
      assertThat(HealthCheck.holds(List.of(), environment)).isEqualTo(lives);
      assertThat(HealthCheck.holds(List.of("ready"), environment)).isEqualTo(serves);
    } finally {
      gateway.stop(0);
    }
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  @Test
  void nobodyListeningIsDead() throws IOException {
    int free;
    try (var socket = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThat(HealthCheck.holds(List.of(), port(free))).isFalse();
  }

  private static Map<String, String> port(int port) {
    return Map.of("STREAMER_PORT", Integer.toString(port));
  }
}
