package io.streamer.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets. */
@Timeout(20)
class JdkTransportTest {
  private final Told told = new Told();

  /** What a listener was told, as texts. */
  static final class Told implements Transport.SocketListener {
    final BlockingQueue<String> all = new LinkedBlockingQueue<>();

    /** Who told the last text. */
    volatile Thread by = Thread.currentThread();

    @Override
    public void opened() {
      all.add("opened");
    }

    @Override
    public void text(String text) {
      by = Thread.currentThread();
      all.add(text);
    }

    @Override
    public void refused(int status, String body) {
      all.add("refused " + status + " " + body);
    }

    @Override
    public void closed(int code, String reason) {
      all.add("closed " + code + " " + reason);
    }
  }

  @Test
  void theTokenGoesIntoAHeader() throws Exception {
    try (var wire = new Wire()) {
      var unused = new JdkTransport().open(wire.uri(), "a.b.c", told);
      assertThat(wire.accept())
          .contains("Authorization: Bearer a.b.c\r\n")
          .containsIgnoringCase("Sec-WebSocket-Protocol: streamer.v1\r\n")
          .startsWith("GET /ws HTTP/1.1");
      assertThat(told.all.take()).isEqualTo("opened");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "ü", "€", "😀", "x😀"})
  void aLongTextGoesInFramesThatTheServerTakesAndArrivesWhole(String letter) throws Exception {
    try (var wire = new Wire()) {
      var socket = new JdkTransport().open(wire.uri(), "T", told);
      wire.accept();
      assertThat(told.all.take()).isEqualTo("opened");
      assertThat(socket.limitFrames(32 * 1024)).isTrue();
      var text = letter.repeat(35_000);
      socket.send(text);
      socket.send("next");
      var whole = new ByteArrayOutputStream();
      Wire.Arrived part;
      do {
        part = wire.read();
        assertThat(part.payload().length).isLessThanOrEqualTo(32 * 1024);
        // no half character
        assertThat(new String(part.payload(), UTF_8)).doesNotContain("\ufffd");
        whole.write(part.payload());
      } while (!part.last());
      assertThat(whole.toString(UTF_8)).isEqualTo(text);
      assertThat(new String(wire.read().payload(), UTF_8)).isEqualTo("next");
    }
  }

  @Test
  void aTextInSeveralFramesIsOne() throws Exception {
    try (var wire = new Wire()) {
      var unused = new JdkTransport().open(wire.uri(), "T", told);
      wire.accept();
      assertThat(told.all.take()).isEqualTo("opened");
      wire.send(0x01, "a".repeat(70_000).getBytes(UTF_8));
      wire.send(0x00, "b".getBytes(UTF_8));
      wire.send(0x80, "ü".getBytes(UTF_8));
      wire.send(0x81, "next".getBytes(UTF_8));
      assertThat(told.all.take()).isEqualTo("a".repeat(70_000) + "bü");
      assertThat(told.all.take()).isEqualTo("next");
    }
  }

  @Test
  void theServersCloseHasItsCodeAndReasonAndIsToldOnce() throws Exception {
    try (var wire = new Wire()) {
      var unused = new JdkTransport().open(wire.uri(), "T", told);
      wire.accept();
      assertThat(told.all.take()).isEqualTo("opened");
      wire.send(0x88, new byte[] {0x03, (byte) 0xf4, 'g', 'o'});
      assertThat(told.all.take()).isEqualTo("closed 1012 go");
      wire.cut();
      assertThat(told.all).isEmpty();
    }
  }

  @Test
  void aCutIs1006() throws Exception {
    try (var wire = new Wire()) {
      var unused = new JdkTransport().open(wire.uri(), "T", told);
      wire.accept();
      assertThat(told.all.take()).isEqualTo("opened");
      wire.cut();
      assertThat(told.all.take()).startsWith("closed 1006");
    }
  }

  // the first byte: a whole text, the beginning of one, binary, a ping, a pong
  @ParameterizedTest
  @ValueSource(ints = {0x81, 0x01, 0x82, 0x89, 0x8a})
  void aCutRightBehindAFrameIsToldToo(int head) throws Exception {
    var transport = new JdkTransport();
    for (int round = 0; round < 300; round++) {
      try (var wire = new Wire()) {
        var unused = transport.open(wire.uri(), "T", told);
        wire.accept();
        assertThat(told.all.take()).isEqualTo("opened");
        do {
          // the first one may still be told by whoever opened the connection
          wire.send(0x81, "before".getBytes(UTF_8));
          assertThat(told.all.take()).isEqualTo("before");
        } while (!told.by.getName().endsWith("SelectorManager"));
        wire.send(head, "behind it".getBytes(UTF_8));
        wire.cut();
        if (head == 0x81) {
          assertThat(told.all.take()).isEqualTo("behind it");
        }
        assertThat(told.all.take()).startsWith("closed 1006");
      }
    }
  }

  @Test
  void aSocketThatIsClosedHereSays1000AndIsToldNothing() throws Exception {
    try (var wire = new Wire()) {
      var socket = new JdkTransport().open(wire.uri(), "T", told);
      wire.accept();
      assertThat(told.all.take()).isEqualTo("opened");
      socket.send("last");
      socket.close();
      socket.send("too late");
      assertThat(new String(wire.read().payload(), UTF_8)).isEqualTo("last");
      var close = wire.read();
      assertThat(close.kind()).isEqualTo(8);
      assertThat(close.payload()).startsWith(0x03, 0xe8);
      wire.send(0x88, new byte[] {0x03, (byte) 0xe8});
      assertThat(told.all).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 500, 503})
  void aRefusedHandshakeHasItsStatusAndBody(int status) throws Exception {
    try (var wire = new Wire()) {
      var unused = new JdkTransport().open(wire.uri(), "T", told);
      wire.refuse(status, "{\"error\":{}}");
      assertThat(told.all.take()).isEqualTo("refused " + status + " {\"error\":{}}");
    }
  }

  @Test
  void whereNothingListensThereIsNoConnection() throws Exception {
    var unused = new JdkTransport().open(URI.create("ws://127.0.0.1:1/ws"), "T", told);
    assertThat(told.all.take()).startsWith("closed 1006");
  }

  /** Longer than a label of a name may be, so that nobody is asked for it. */
  @Test
  void aHostThatIsNoneIsToldAsThat() throws Exception {
    var host = "a".repeat(64) + ".invalid";
    var unused = new JdkTransport().open(URI.create("ws://" + host + "/ws"), "T", told);
    assertThat(told.all.take()).isEqualTo("closed 1006 there is no host of that name");
  }

  @Test
  void nothingThatIsThrownReachesTheThreadThatReadsForAll() throws Exception {
    var heard = new LinkedBlockingQueue<Throwable>();
    var reading =
        new Thread(() ->
            JdkTransport.executor()
                .execute(() -> {
                  throw new OutOfMemoryError("no thread can be had");
                }));
    reading.setUncaughtExceptionHandler((thread, e) -> heard.add(e));
    reading.start();
    assertThat(heard.take()).hasMessage("no thread can be had");
    assertThatCode(() ->
            JdkTransport.executor()
                .execute(() -> {
                  throw new LinkageError("torn");
                }))
        .doesNotThrowAnyException();
  }

  @Test
  void clientsThatAreGivenNoneShareOne() {
    var shared = JdkTransport.shared();
    assertThat(JdkTransport.shared()).isSameAs(shared);
  }

  @Test
  void aBodyThatIsTooLongIsLetGoOfOnceItIsTaken() {
    var cancelled = new ArrayList<Boolean>();
    var body = new JdkTransport.Bounded(3);
    body.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {}

          @Override
          public void cancel() {
            cancelled.add(true);
            body.onError(new IOException("subscription cancelled"));
          }
        });
    body.onNext(List.of(ByteBuffer.wrap(new byte[10])));
    assertThat(cancelled).isEmpty();
    assertThat(body.getBody().toCompletableFuture()).isDone();
    assertThat(body.getBody().toCompletableFuture().join()).hasSize(4);
    body.leave();
    assertThat(cancelled).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"100, 1000, 100", "1000, 1000, 1000", "1001, 1000, 1001", "5000000, 1000, 1001"})
  void aBodyIsReadUpToAByteMoreThanIsWanted(int size, long most, int got) throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var authorized = new LinkedBlockingQueue<Boolean>();
    server.createContext(
        "/",
        exchange -> {
          authorized.add(exchange.getRequestHeaders().containsKey("Authorization"));
          exchange.sendResponseHeaders(size == 100 ? 404 : 200, size);
          try (var out = exchange.getResponseBody()) {
            out.write(new byte[size]);
          }
        });
    server.start();
    try {
      var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/r");
      var answer = new JdkTransport().fetch(url, most).get();
      assertThat(answer.body()).hasSize(got);
      assertThat(answer.status()).isEqualTo(size == 100 ? 404 : 200);
      assertThat(authorized.take()).isFalse();
    } finally {
      server.stop(0);
    }
  }
}
