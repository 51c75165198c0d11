package io.streamer.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.connection.Drain;
import io.streamer.gateway.connection.Registry;
import io.streamer.gateway.http.Strangers;
import io.streamer.gateway.http.TrustedProxies;
import io.streamer.gateway.signal.HandshakeSignals;
import io.streamer.gateway.signal.Meters;
import io.streamer.gateway.store.Presence;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Whom an event loop takes on that has more to do than it can. */
@Timeout(60)
class HandshakeTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final Lateness lateness = new Lateness(Duration.ofMillis(500), now::get);
  private final Vertx vertx = Vertx.vertx();
  private HttpServer server;

  @BeforeEach
  void listen() {
    var strangers =
        new Strangers(LoggerFactory.getLogger(HandshakeTest.class), InstantSource.system());
    var visits = new Visits(System::nanoTime);
    var door = door(strangers);
    server =
        vertx
            .createHttpServer(HttpDoor.options())
            .connectionHandler(visits::begin)
            .requestHandler(request -> {
              visits.ask(request);
              new Handshake(
                      door,
                      visits,
                      lateness,
                      request,
                      (_, _, _) -> {
                        throw new IllegalStateException("it has no key");
                      })
                  .begin();
            })
            .listen(0, "127.0.0.1")
            .await();
  }

  /** For handshakes that get no further than to be looked at. */
  private SocketServer.Door door(Strangers strangers) {
    return new SocketServer.Door(
        "127.0.0.1",
        "node:n",
        1_000,
        1_000,
        Duration.ofMillis(500),
        new Places(0, 0),
        TrustedProxies.of("none", List.of()),
        null,
        null,
        new Presence(InstantSource.system()),
        new Drain(vertx, new Registry(), System::nanoTime),
        null,
        _ -> {},
        strangers,
        new HandshakeSignals(Meters.unread()),
        Optional.empty());
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @ParameterizedTest
  @CsvSource({"0, false", "400, false", "2000, true", "60000, true"})
  void aLoopThatIsTooLateSendsNewcomersAwayForAMoment(long lateMs, boolean busy) {
    passes(lateMs);
    var answer = knock();
    assertThat(answer.statusCode()).isEqualTo(busy ? 503 : 400);
    assertThat(answer.body().await().toString())
        .contains(busy ? "\"busy\"" : "\"invalid_handshake\"");
    if (busy) {
      assertThat(Integer.parseInt(answer.getHeader("Retry-After"))).isBetween(1, 5);
    }

    for (int i = 0; i < 50; i++) {
      passes(0);
    }
    assertThat(knock().statusCode()).isEqualTo(400);
  }

  private void passes(long lateMs) {
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(Lateness.EVERY_MS + lateMs));
    lateness.fired();
  }

  private HttpClientResponse knock() {
    return vertx
        .createHttpClient()
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(server.actualPort())
                .setURI("/ws")
                .putHeader("Connection", "Upgrade")
                .putHeader("Upgrade", "websocket")
                .putHeader("Sec-WebSocket-Version", "13"))
        .compose(request -> request.send())
        .compose(response -> response.body().map(response))
        .await();
  }
}
