package io.streamer.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.streamer.shared.settings.Environment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Under which address a task is announced. */
class OwnAddressTest {
  private static final String METADATA = "ECS_CONTAINER_METADATA_URI_V4";

  private final AtomicInteger asked = new AtomicInteger();

  private static String announced(Map<String, String> more) {
    var settings =
        new HashMap<>(
            Map.of(
                "AWS_REGION", "eu-west-1",
                "STREAMER_INTERNAL_SECRET", "secret-0123456789",
                "STREAMER_TOKEN_KEYS", "keys.pem"));
    settings.putAll(more);
    return GatewaySettings.read(new Environment(settings)).announced(8082);
  }

  private String announcedWhere(int status, String answer, Map<String, String> more)
      throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v4/abc",
        exchange -> {
          asked.incrementAndGet();
          var bytes = answer.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      var settings = new HashMap<>(more);
      settings.put(METADATA, "http://127.0.0.1:" + server.getAddress().getPort() + "/v4/abc");
      return announced(settings);
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'Networks':[{'NetworkMode':'awsvpc','IPv4Addresses':['10.0.2.106']}]}|10.0.2.106:8082",
        "{'Networks':[{'IPv4Addresses':['10.9.8.7','10.9.8.6'],'IPv6Addresses':['fd00::1']},"
            + "{'IPv4Addresses':['172.17.0.2']}]}|10.9.8.7:8082",
        "{'Networks':[{'IPv4Addresses':[],'IPv6Addresses':['fd00::1']}]}|[fd00::1]:8082",
      })
  void onEcsItIsThatOfTheTasksInterface(String answer, String address) throws IOException {
    assertThat(announcedWhere(200, answer.replace('\'', '"'), Map.of())).isEqualTo(address);
    assertThat(asked).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "[]",
        "{}",
        "{\"Networks\":[]}",
        "{\"Networks\":[7]}",
        "{\"Networks\":[{\"IPv4Addresses\":[7]}]}",
        "{\"Networks\":[{\"IPv4Addresses\":[\"\"]}]}"
      })
  void anAnswerWithoutOneLeavesTheHostsOwn(String answer) throws IOException {
    assertThat(announcedWhere(200, answer, Map.of())).isEqualTo(announced(Map.of()));
    assertThat(asked).hasValue(1);
  }

  @Test
  void aFailureLeavesTheHostsOwn() throws IOException {
    assertThat(announcedWhere(500, "{}", Map.of())).isEqualTo(announced(Map.of()));
  }

  @Test
  void noAnswerLeavesTheHostsOwn() throws IOException {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var address = "http://127.0.0.1:" + silent.getLocalPort() + "/v4/abc";
      assertThat(announced(Map.of(METADATA, address))).isEqualTo(announced(Map.of()));
    }
    assertThat(announced(Map.of(METADATA, "nonsense"))).isEqualTo(announced(Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "STREAMER_INTERNAL_ADDRESS,gateway-1,gateway-1:8082",
    "STREAMER_INTERNAL_ADDRESS,10.1.1.1:9000,10.1.1.1:9000",
    "STREAMER_INTERNAL_HOST,127.0.0.1,127.0.0.1:8082"
  })
  void whatIsSetCountsAndNobodyIsAsked(String name, String value, String address)
      throws IOException {
    var answer = "{\"Networks\":[{\"IPv4Addresses\":[\"10.0.2.106\"]}]}";

    assertThat(announcedWhere(200, answer, Map.of(name, value))).isEqualTo(address);
    assertThat(asked).hasValue(0);
  }
}
