package io.streamer.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.auth.AuthSettings;
import io.streamer.gateway.auth.TokenVerifier;
import io.streamer.gateway.auth.Tokens;
import io.streamer.gateway.connection.ConnectionCleanup;
import io.streamer.gateway.connection.ConnectionRows;
import io.streamer.gateway.connection.Directory;
import io.streamer.gateway.connection.DoorTerms;
import io.streamer.gateway.connection.Drain;
import io.streamer.gateway.connection.Registry;
import io.streamer.gateway.http.Strangers;
import io.streamer.gateway.http.TrustedProxies;
import io.streamer.gateway.signal.FaultyCounters;
import io.streamer.gateway.signal.HandshakeSignals;
import io.streamer.gateway.signal.Meters;
import io.streamer.gateway.store.Limiter;
import io.streamer.gateway.store.Presence;
import io.streamer.handler.Caller;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.time.Clocks;
import io.streamer.testtools.Until;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** A handshake that comes to nothing gives back its places, whatever was thrown, and once. */
@Timeout(60)
class HandshakePlacesTest {
  private static final Caller ANN = new Caller("t1", "u1", Set.of());
  private static final Duration HOUR = Duration.ofHours(1);

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private final Registry registry = new Registry();
  private final Places places = new Places(1, 1);
  private final AtomicReference<@Nullable Throwable> atNextSession = new AtomicReference<>();
  private final AtomicReference<@Nullable Throwable> atNextRow = new AtomicReference<>();
  private volatile Handshake.Opened opened = (_, _, _) -> {};
  private HttpServer server;

  @TempDir Path folder;

  @BeforeEach
  void listen() {
    var strangers =
        new Strangers(LoggerFactory.getLogger(HandshakePlacesTest.class), InstantSource.system());
    var visits = new Visits(System::nanoTime);
    var door = door(strangers);
    var lateness = new Lateness(HOUR, System::nanoTime);
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
                      (session, handshake, ended) -> opened.serve(session, handshake, ended))
                  .begin();
            })
            .listen(0, "127.0.0.1")
            .await();
  }

  private SocketServer.Door door(Strangers strangers) {
    var keys = Tokens.pemFile(folder, Tokens.EC.getPublic()).toString();
    var settings = AuthSettings.from(new Environment(Map.of("STREAMER_TOKEN_KEYS", keys)));
    return new SocketServer.Door(
        "127.0.0.1",
        "node:n",
        1_000,
        1_000,
        HOUR,
        places,
        TrustedProxies.of("none", List.of()),
        new TokenVerifier(vertx, settings, InstantSource.system()),
        directory(),
        new Presence(InstantSource.system()),
        new Drain(vertx, registry, System::nanoTime),
        null,
        _ -> {},
        strangers,
        new HandshakeSignals(Meters.unread()),
        Optional.empty());
  }

  /** Its rows are written nowhere; its clocks fail once, when told to. */
  private Directory directory() {
    InstantSource clock =
        () -> {
          FaultyCounters.fail(atNextSession);
          return Instant.now();
        };
    var ofRows =
        new Clocks(
            InstantSource.system(),
            () -> {
              FaultyCounters.fail(atNextRow);
              return System.nanoTime();
            });
    var context = vertx.getOrCreateContext();
    var lanes = new Limiter(context, 1, HOUR);
    var rows = new ConnectionRows(context, null, null, HOUR, ofRows);
    return new Directory(
        vertx,
        registry,
        new Directory.Writes(
            rows,
            new ConnectionCleanup(
                rows,
                lanes,
                _ -> Future.succeededFuture(),
                lanes,
                null,
                null,
                InstantSource.system()),
            lanes,
            1_000),
        new DoorTerms(25_000, DoorTerms.MAX_AGE_MS, 131_072, null, "test"),
        Clocks.of(clock));
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  static Stream<Throwable> thrown() {
    return Stream.of(
        new StackOverflowError(),
        new OutOfMemoryError("as if"),
        new NoClassDefFoundError("as if"),
        new IllegalStateException("as if"));
  }

  @ParameterizedTest
  @MethodSource("thrown")
  void ofASessionThatCannotBeMade(Throwable thrown) throws TimeoutException {
    atNextSession.set(thrown);
    assertThat(knock()).contains(500);
    assertFree();
  }

  @ParameterizedTest
  @MethodSource("thrown")
  void ofASessionWhoseRowCannotBeQueued(Throwable thrown) throws TimeoutException {
    atNextRow.set(thrown);
    assertThat(knock()).contains(500);
    assertFree();
  }

  @ParameterizedTest
  @MethodSource("thrown")
  void ofASessionThatCannotBeServed(Throwable thrown) throws TimeoutException {
    opened =
        (_, _, _) -> {
          sneak(thrown);
        };
    assertThat(knock()).isEmpty();
    assertFree();
  }

  @ParameterizedTest
  @MethodSource("thrown")
  void ofASessionThatIsServedHalf(Throwable thrown) throws TimeoutException {
    opened =
        (_, handshake, _) -> {
          handshake.run();
          sneak(thrown);
        };
    knock();
    assertFree();
  }

  @Test
  void onceThoughTheEndIsToldTwice() throws TimeoutException {
    opened =
        (_, _, ended) -> {
          ended.run();
          throw new AssertionError("as if");
        };
    knock();
    assertFree();
    assertThat(places.take()).isTrue();
    assertThat(places.take()).as("one place, not two").isFalse();
  }

  private static void sneak(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }

  private void assertFree() {
    Until.holds("nobody is registered", () -> registry.size() == 0);
    Until.holds("its place is free", this::placeIsFree);
    Until.holds("its user's place is free", this::placeOfUserIsFree);
  }

  private boolean placeIsFree() {
    boolean free = places.take();
    if (free) {
      places.free();
    }
    return free;
  }

  private boolean placeOfUserIsFree() {
    boolean free = places.take(ANN);
    if (free) {
      places.free(ANN);
    }
    return free;
  }

  /** The answer's status, none if the connection is closed without one. */
  private Optional<Integer> knock() throws TimeoutException {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost("127.0.0.1")
            .setPort(server.actualPort())
            .setURI("/ws")
            .putHeader("Connection", "Upgrade")
            .putHeader("Upgrade", "websocket")
            .putHeader("Sec-WebSocket-Version", "13")
            .putHeader("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")
            .putHeader(
                "Authorization", "Bearer " + Tokens.signed("ES256", Tokens.claims(Instant.now())));
    return client
        .request(options)
        .compose(request -> request.send())
        .map(response -> Optional.of(response.statusCode()))
        .otherwise(Optional.empty())
        .await(20, TimeUnit.SECONDS);
  }
}
