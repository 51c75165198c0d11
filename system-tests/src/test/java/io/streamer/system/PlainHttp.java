package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;

/** Requests of HTTP as whoever likes may send them: any host, any path, any header. */
final class PlainHttp {

  /** What came back. */
  record Answer(int status, List<String> headers, String body) {
    JsonObject json() {
      return new JsonObject(body);
    }
  }

  private PlainHttp() {}

  /** Asks on a port of loopback, on a connection of its own. */
  static Answer ask(int port, String method, String path, String host, String... headers)
      throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var request =
          method
              + " "
              + path
              + " HTTP/1.1\r\nHost: "
              + host
              + "\r\nConnection: close\r\n"
              + String.join("\r\n", headers)
              + (headers.length == 0 ? "\r\n" : "\r\n\r\n");
      socket.getOutputStream().write(request.getBytes(UTF_8));
      var parts = new String(socket.getInputStream().readAllBytes(), UTF_8).split("\r\n\r\n", 2);
      var head = parts[0].split("\r\n", -1);
      return new Answer(
          Integer.parseInt(head[0].split(" ", -1)[1]),
          List.of(head).subList(1, head.length),
          parts[1]);
    }
  }
}
