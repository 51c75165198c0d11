package io.streamer.worker.aws;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.aws.BlockingExchange;
import io.streamer.shared.aws.HttpCall;
import io.streamer.shared.aws.HttpReply;
import io.streamer.testtools.FaultyService;
import io.streamer.testtools.FaultyService.Reaction;
import io.streamer.testtools.FaultyService.Reaction.Say;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Its bounds, on a thread of its own, for a read is not interrupted; the transports' suites tell
 * the rest.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BlockingExchangeTest {
  private static final int MOST = 100;
  private static final Duration LONG = Duration.ofMinutes(1);

  private final BlockingExchange exchange = new BlockingExchange(MOST);

  /** The JDK reads it once a process, and other classes' tests may come behind these. */
  @BeforeAll
  static void beginAsAWorkerDoes() {
    KeptAlive.set();
  }

  private HttpReply send(int port, Duration patience) throws IOException {
    var at = URI.create("http://127.0.0.1:" + port);
    var call = new HttpCall("POST", at, "/", Map.of(), "{}".getBytes(UTF_8));
    return exchange.send(call, System.nanoTime() + patience.toNanos());
  }

  @Test
  void asManyBytesAsMayBeAreReadAndTheirConnectionIsKept() throws IOException {
    try (var service = new FaultyService(_ -> new Say(200, "x".repeat(MOST)))) {
      for (int i = 0; i < 3; i++) {
        var reply = send(service.port(), LONG);
        assertThat(reply.body()).hasSize(MOST);
        assertThat(reply.isCut()).isFalse();
      }
      assertThat(service.connections()).isOne();
    }
  }

  @Test
  void whatIsBeyondIsLeft() throws IOException {
    try (var service = new FaultyService(_ -> new Say(200, "x".repeat(MOST + 1)))) {
      var reply = send(service.port(), LONG);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).hasSize(MOST);
      assertThat(reply.isCut()).isTrue();
    }
  }

  /** It would be read until the test is. */
  @Test
  void anAnswerWithoutEndIsLeftAtItsBound() throws IOException {
    try (var endless = answering("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(64), 0)) {
      var reply = send(endless.getLocalPort(), LONG);
      assertThat(reply.body()).hasSize(MOST);
      assertThat(reply.isCut()).isTrue();
    }
  }

  /** Each byte of a head would begin the socket's own time anew. */
  @Test
  void aHeadThatComesByteByByteHasNoMoreTimeThanAnother() throws IOException {
    try (var slow = answering("HTTP/1.1 200 OK\r\nX-Slow: ", "x", 20)) {
      assertThatThrownBy(() -> send(slow.getLocalPort(), Duration.ofMillis(300)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void anInterruptedThreadAsksNobody() throws IOException {
    try (var service = new FaultyService(_ -> new Reaction.Hang())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> send(service.port(), LONG)).isInstanceOf(IOException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(service.asked()).isEmpty();
    }
  }

  /** Begins to answer whoever comes, and goes on with the same part for as long as it is read. */
  private static ServerSocket answering(String begin, String part, long pauseMs)
      throws IOException {
    var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          try (var socket = server.accept()) {
            var out = socket.getOutputStream();
            out.write(begin.getBytes(US_ASCII));
            while (true) {
              out.write(part.getBytes(US_ASCII));
              TimeUnit.MILLISECONDS.sleep(pauseMs);
            }
          } catch (IOException | InterruptedException _) {
            // the client has gone
          }
        });
    return server;
  }
}
