package io.streamer.gateway.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.streamer.gateway.Clients;
import io.streamer.gateway.push.Addresses;
import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.signal.Meters;
import io.streamer.handler.Caller;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.time.Clocks;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;

/** Behind its token's end a connection gets nothing: whatever is sent to it closes it. */
@Timeout(60)
class TokenEndTest {
  private static final long ENDS = 1_800_000_000_000L;
  private static final ServerFrame FRAME = new ServerFrame.Pong("p");
  private static final Pushed DELIVERED = new Pushed.Delivered();
  private static final Pushed GONE = new Pushed.Gone();

  private static final Vertx VERTX = Vertx.vertx();
  private static final List<String> ASKED = new CopyOnWriteArrayList<>();
  private static HttpServer holder;
  private static Pushes pushes;

  private final Registry registry = new Registry();
  private volatile long now;
  private final InstantSource clock = () -> Instant.ofEpochMilli(now);
  private final FrameSender delivery = new FrameSender(VERTX, registry, "node:here", pushes, clock);

  @BeforeAll
  static void start() throws IOException {
    holder = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    holder.createContext(
        "/",
        exchange -> {
          ASKED.add(exchange.getRequestMethod());
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    holder.start();
    var address = URI.create("http://127.0.0.1:" + holder.getAddress().getPort());
    pushes =
        new Pushes(
            VERTX,
            Addresses.of(Map.of("api:main", address, "node:other", address)),
            Clients.push(
                VERTX,
                Transport.LEAN,
                () -> "",
                "us-east-1",
                AnonymousCredentialsProvider.create()),
            Meters.unread());
  }

  @BeforeEach
  void nothingIsAsked() {
    ASKED.clear();
  }

  @AfterAll
  static void stop() {
    pushes.close();
    holder.stop(0);
    VERTX.close().await();
  }

  @ParameterizedTest
  @CsvSource({
    "api:main, -3600000, POST", "api:main, -1, POST", "api:main, 0, DELETE",
    "api:main, 1, DELETE", "api:main, 7200000, DELETE", "node:other, -1, POST",
    "node:other, 0, DELETE", "closing:api:main, -1, DELETE", "closing:api:main, 0, DELETE"
  })
  void whoeverHoldsItIsAskedToCloseItFromThatSecondOn(String endpoint, long behind, String method) {
    var route = Route.of("c", endpoint, ENDS);
    now = ENDS + behind;
    var outcome = method.equals("POST") ? DELIVERED : GONE;
    assertThat(delivery.send(route, FRAME).await()).isEqualTo(outcome);
    assertThat(delivery.insist(route, "{}".getBytes(UTF_8)).await()).isEqualTo(outcome);
    assertThat(ASKED).containsExactly(method, method);
  }

  @ParameterizedTest
  @CsvSource({"1, 1800000001", "999, 1800000001", "0, 1800000000", "1000, 1800000001"})
  void aTokenHoldsForTheWholeOfItsLastSecond(long millis, long until) {
    assertThat(Route.of("c", "api:main", ENDS + millis).expiresAt()).isEqualTo(until);
  }

  @Test
  void aSocketOfThisTaskIsClosedAsOneWhoseTokenHasEnded() {
    var client = open();
    now = ENDS - 1;
    assertThat(delivery.send(client.session().route(), FRAME).await()).isEqualTo(DELIVERED);
    assertThat(client.next()).contains("pong");
    now = ENDS;
    assertThat(delivery.send(client.session().route(), FRAME).await()).isEqualTo(GONE);
    assertThat(client.closeCode()).isEqualTo(CloseCode.UNAUTHORIZED.number());
    assertThat(client.left()).isZero();
    assertThat(ASKED).isEmpty();
  }

  @Test
  void aSocketOnWhichNothingGoesIsClosedWhenItsTokenEnds() {
    // it asks for the directory only when a heartbeat is due
    var heartbeats = new Heartbeats(registry, null, Duration.ofSeconds(25));
    var client = open();
    now = ENDS - 1;
    heartbeats.closeEnded();
    assertThat(delivery.send(client.session().route(), FRAME).await()).isEqualTo(DELIVERED);
    assertThat(client.next()).contains("pong");
    now = ENDS;
    heartbeats.closeEnded();
    assertThat(client.closeCode()).isEqualTo(CloseCode.UNAUTHORIZED.number());
  }

  private Sockets.Client open() {
    var sockets =
        new Sockets(
            VERTX,
            registry,
            (opening, channel) -> {
              var mine =
                  new SocketSession.Opening(
                      opening.connectionId(),
                      new Caller("acme", "ann", Set.of()),
                      Route.of(opening.connectionId(), "node:here", ENDS),
                      ENDS,
                      "",
                      "");
              var session =
                  new SocketSession(
                      mine,
                      Sockets.TERMS,
                      channel,
                      VERTX.getOrCreateContext(),
                      registry.budget(),
                      registry.signals(),
                      Clocks.of(clock));
              registry.add(session);
              return session;
            });
    return sockets.open();
  }
}
