package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests at the direct door that no client library would send, and what comes back. */
@ExtendWith(LocalStage.class)
class RawHandshakeTest {
  private static final String UPGRADE =
      String.join(
          "\r\n",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "");

  private final URI door =
      URI.create("ws://127.0.0.1:" + LocalStage.stage().gateway().port() + "/ws");

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 5", "Content-Length: 9000", "Transfer-Encoding: chunked"})
  void aHandshakeHasNoBody(String header) throws IOException {
    var answer = toItsEnd(UPGRADE + authorization() + header + "\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertThat(error(answer).getString("code")).isEqualTo("invalid_handshake");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Authorization: Bearer not-a-token\r\n"})
  void whoIsRefusedIsNotKept(String headers) throws IOException {
    // read to the end: the door has closed the connection
    assertThat(toItsEnd(UPGRADE + headers)).startsWith("HTTP/1.1 401 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization: Bearer not-a-token\r\n", ""})
  void whoIsToldBySocketWhyItIsRefusedIsNotKeptEither(String headers) throws IOException {
    var offer = UPGRADE + headers + "Sec-WebSocket-Protocol: streamer.v1\r\n";
    // read to the end, whatever was sent meanwhile: the door has closed the connection
    assertThat(toItsEnd(offer))
        .startsWith("HTTP/1.1 101 ")
        .contains("\"code\":\"UNAUTHORIZED\"")
        .doesNotContain("HTTP/1.1 400");
  }

  @Test
  void theDoorWithoutAnUpgradeSaysWhatIsMissing() throws IOException {
    var answer = toItsEnd(authorization() + "Connection: close\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 426 ")
        .containsIgnoringCase("\r\nupgrade: websocket\r\n");
    assertThat(error(answer).getString("code")).isEqualTo("upgrade_required");
  }

  @Test
  void aVersionThatIsNotSpokenIsToldWhichIs() throws IOException {
    var answer = toItsEnd(UPGRADE.replace("Version: 13", "Version: 8") + authorization());

    assertThat(answer)
        .startsWith("HTTP/1.1 426 ")
        .containsIgnoringCase("\r\nsec-websocket-version: 13\r\n");
  }

  @Test
  void theProtocolIsSelectedFromAllLines() throws IOException {
    var bearer =
        Base64.getUrlEncoder().withoutPadding().encodeToString(Tokens.fresh().getBytes(UTF_8));
    try (var socket =
        ask(
            UPGRADE
                + "Sec-WebSocket-Protocol: bearer."
                + bearer
                + "\r\n"
                + "Sec-WebSocket-Protocol: streamer.v1\r\n")) {
      assertThat(head(socket))
          .startsWith("HTTP/1.1 101 ")
          .containsIgnoringCase("\r\nsec-websocket-protocol: streamer.v1\r\n");
    }
  }

  private static String authorization() {
    return "Authorization: Bearer " + Tokens.fresh() + "\r\n";
  }

  private Socket ask(String headers) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), door.getPort());
    socket.setSoTimeout(20_000);
    socket
        .getOutputStream()
        .write(("GET /ws HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n").getBytes(UTF_8));
    return socket;
  }

  private String toItsEnd(String headers) throws IOException {
    try (var socket = ask(headers)) {
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static String head(Socket socket) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) socket.getInputStream().read());
    }
    return head.toString();
  }

  private static JsonObject error(String answer) {
    return new JsonObject(answer.substring(answer.indexOf("\r\n\r\n"))).getJsonObject("error");
  }
}
