package io.streamer.gateway.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a connection may take to say what it wants, on a clock that the test sets on. */
class VisitsTest {
  private static final String WHOLE = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final io.vertx.core.Context loop = vertx.getOrCreateContext();
  private final AtomicLong nanos = new AtomicLong();
  private final Visits visits = new Visits(nanos::get);
  private final CountDownLatch asked = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void open() throws Exception {
    var opened = new CompletableFuture<HttpServer>();
    loop.runOnContext(_ ->
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(0)
                    .setHttp2ClearTextEnabled(false))
            .connectionHandler(visits::begin)
            .requestHandler(request -> {
              visits.ask(request);
              asked.countDown();
              if (request.path().equals("/slow")) {
                return;
              }
              request.endHandler(_ -> request.response().end("here"));
            })
            .listen()
            .onSuccess(opened::complete)
            .onFailure(opened::completeExceptionally));
    server = opened.get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\nX-More: "})
  void whoNeverAsksIsCut(String beginning) throws Exception {
    try (var socket = connect(beginning)) {
      served();
      pass(Visits.TO_ASK);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void whoSendsALineNowAndThenIsCutAllTheSame() throws Exception {
    try (var socket = connect("GET / HTTP/1.1\r\n")) {
      served();
      for (int i = 0; i < 5; i++) {
        nanos.addAndGet(Visits.TO_ASK.toNanos() / 5);
        socket.getOutputStream().write("X-Slow: 1\r\n".getBytes(UTF_8));
        look();
      }
      pass(Duration.ZERO);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void whoNeverEndsItsBodyIsCut() throws Exception {
    try (var socket = connect("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")) {
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      pass(Visits.TO_ASK);
      // it has asked: its body may take longer
      socket.getOutputStream().write('c');
      pass(Visits.TO_FINISH);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void whoWaitsForAnAnswerOrAsksAgainInTimeIsKept() throws Exception {
    try (var slow = connect(WHOLE.replace("GET /", "GET /slow"));
        var again = connect(WHOLE)) {
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(line(again)).contains("200");
      look();
      pass(Visits.BETWEEN.minusSeconds(2));
      again.getOutputStream().write(WHOLE.getBytes(UTF_8));
      // the answer before has a body of four letters
      assertThat(line(again) + line(again) + line(again) + line(again)).contains("200");
      slow.setSoTimeout(1);
      assertThat(isOpen(slow)).isTrue();
    }
  }

  /** Else a balancer's next request may meet the end of its connection. */
  @Test
  void balancersEndTheirConnectionsFirst() throws Exception {
    var balancers = Files.readString(Path.of("../terraform/modules/gateway/balancers.tf"));
    var idle = Pattern.compile("idle_timeout *= (\\d+)").matcher(balancers);
    assertThat(idle.find()).isTrue();
    assertThat(Visits.BETWEEN)
        .isGreaterThan(Duration.ofSeconds(Integer.parseInt(idle.group(1))))
        // a network load balancer's, which the file leaves as it is
        .isGreaterThan(Duration.ofSeconds(350));
    assertThat(balancers).doesNotContain("tcp_idle_timeout_seconds");
  }

  @Test
  void whoAsksNoMoreIsCut() throws Exception {
    try (var socket = connect(WHOLE)) {
      assertThat(line(socket)).contains("200");
      look();
      pass(Visits.BETWEEN);
      socket.getInputStream().skipNBytes(socket.getInputStream().available());
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).doesNotContain("HTTP");
    }
  }

  private Socket connect(String beginning) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    socket.setSoTimeout(10_000);
    socket.getOutputStream().write(beginning.getBytes(UTF_8));
    return socket;
  }

  /** A later connection is answered: the ones before are known to the server. */
  private void served() throws Exception {
    try (var other = connect(WHOLE)) {
      assertThat(line(other)).contains("200");
    }
  }

  private void pass(Duration time) throws Exception {
    nanos.addAndGet(time.plusSeconds(1).toNanos());
    look();
  }

  private void look() throws Exception {
    var looked = new CompletableFuture<Void>();
    loop.runOnContext(_ -> {
      visits.look();
      looked.complete(null);
    });
    looked.get(10, TimeUnit.SECONDS);
  }

  private static String line(Socket socket) throws IOException {
    var line = new StringBuilder();
    for (int c = socket.getInputStream().read();
        c != '\n' && c >= 0;
        c = socket.getInputStream().read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private static boolean isOpen(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() >= 0;
    } catch (java.net.SocketTimeoutException _) {
      return true;
    }
  }
}
