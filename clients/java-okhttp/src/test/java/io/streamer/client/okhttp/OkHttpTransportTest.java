package io.streamer.client.okhttp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.streamer.client.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes that are refused, and fetches; open sockets are tried by the scenarios. */
@Timeout(20)
class OkHttpTransportTest {
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> authorization = new LinkedBlockingQueue<>();
  private HttpServer server;
  private int status = 200;
  private byte[] body = {};

  private final Transport.SocketListener listener =
      new Transport.SocketListener() {
        @Override
        public void opened() {
          told.add("opened");
        }

        @Override
        public void text(String text) {
          told.add(text);
        }

        @Override
        public void refused(int answered, String said) {
          told.add("refused " + answered + " " + said);
        }

        @Override
        public void closed(int code, String reason) {
          told.add("closed " + code);
        }
      };

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          authorization.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(status, body.length);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private URI at(String scheme) {
    return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/ws");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 500, 503})
  void aRefusedHandshakeHasItsStatusAndBody(int refusal) throws Exception {
    status = refusal;
    body = "{\"error\":{}}".getBytes(UTF_8);
    var unused = new OkHttpTransport().open(at("ws"), "a.b.c", listener);
    assertThat(told.take()).isEqualTo("refused " + refusal + " {\"error\":{}}");
    assertThat(authorization.take()).isEqualTo("Bearer a.b.c");
  }

  @Test
  void whereNothingListensThereIsNoConnection() throws Exception {
    var url = at("ws");
    server.stop(0);
    var unused = new OkHttpTransport().open(url, "T", listener);
    assertThat(told.take()).isEqualTo("closed 1006");
  }

  @ParameterizedTest
  @CsvSource({"0, 1000, 0", "1000, 1000, 1000", "1001, 1000, 1001", "500000, 1000, 1001"})
  void aBodyIsReadUpToAByteMoreThanIsWanted(int size, long most, int got) throws Exception {
    status = size == 0 ? 404 : 200;
    body = new byte[size];
    var answer = new OkHttpTransport().fetch(at("http"), most).get();
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).hasSize(got);
    assertThat(authorization.take()).isEqualTo("null");
  }
}
