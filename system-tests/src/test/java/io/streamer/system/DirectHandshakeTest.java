package io.streamer.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is so of the direct door's handshake alone. */
@ExtendWith(LocalStage.class)
class DirectHandshakeTest {
  private final URI door = Door.DIRECT.of(LocalStage.stage());

  @Test
  void anyPathIsADoor() {
    var anywhere = URI.create(door.toString().replace("/ws", "/some/other/path"));
    try (var peer = Door.DIRECT.connect(anywhere, Tokens.of("ann", "acme"))) {
      var me = peer.request("me", "test.whoami", new JsonObject()).answer("me").data();
      assertThat(me.getString("user")).isEqualTo("ann");
    }
  }

  @Test
  void aBlankThatIsNotEncodedIsNoHttpAndIsToldSo() throws IOException {
    var path = "/ws?Authorization=Bearer " + Tokens.of("ann", "acme");
    assertThat(statusLine(path)).contains(" 400 ");
  }

  /** What a request line is answered that no HTTP client would let through. */
  private String statusLine(String path) throws IOException {
    try (var socket = new Socket(door.getHost(), door.getPort())) {
      var request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      return String.valueOf(in.readLine());
    }
  }
}
