package io.streamer.gateway.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.streamer.gateway.Clients;
import io.streamer.gateway.signal.Meters;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.table.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The way out against a real HTTP server, by either transport. */
@ParameterizedClass
@EnumSource
@Timeout(60)
class PushesTest {
  private static final byte[] FRAME = "{\"type\":\"progress\"}".getBytes(UTF_8);
  private static final int LANES = 32;
  private static final AwsCredentialsProvider KEYS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret"));
  private static final Pushed DELIVERED = new Pushed.Delivered();
  private static final Pushed GONE = new Pushed.Gone();

  private record Seen(
      String method,
      String path,
      int bytes,
      Optional<String> secret,
      Optional<String> authorization) {}

  @Parameter private Transport transport;

  private final Vertx vertx = Vertx.vertx();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Set<Integer> clientPorts = ConcurrentHashMap.newKeySet();
  private volatile CountDownLatch together = new CountDownLatch(0);
  private volatile int status = 200;
  private volatile String body = "";
  private final MeterRegistry counted = new SimpleMeterRegistry();
  private HttpServer server;
  private Pushes pushes;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
    server.createContext("/", this::answer);
    server.start();
    pushes = pushes(KEYS, 1_000_000);
  }

  @AfterEach
  void stop() {
    while (together.getCount() > 0) {
      together.countDown();
    }
    pushes.close();
    server.stop(0);
    vertx.close().await();
  }

  @Test
  void aFrameIsDeliveredAsItIsAndOurNodesGetTheSecretAndNoSignature() {
    assertThat(pushes.post("node:n1", "a/b+c==", FRAME).await()).isEqualTo(DELIVERED);
    assertThat(seen)
        .containsExactly(
            new Seen(
                "POST",
                "/@connections/a%2Fb%2Bc%3D%3D",
                FRAME.length,
                Optional.of("inside"),
                Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"200, delivered", "410, gone", "500, failed", "403, failed"})
  void eachPushIsCountedByItsOutcome(int answered, String outcome) {
    status = answered;
    for (int n = 1; n <= 3; n++) {
      pushes.post("api:main", "c1", FRAME).await();
      assertThat(counted.get("streamer.pushes").tag("outcome", outcome).counter().count())
          .isEqualTo(n);
    }
    assertThat(counted.get("streamer.pushes").counters().stream().mapToDouble(Counter::count).sum())
        .isEqualTo(3);
  }

  @Test
  void apiGatewayGetsASignatureAndNoSecretBehindItsStage() {
    assertThat(pushes.post("api:main", "c1", FRAME).await()).isEqualTo(DELIVERED);
    assertThat(seen.getFirst().path()).isEqualTo("/live/@connections/c1");
    assertThat(seen.getFirst().secret()).isEmpty();
    assertThat(seen.getFirst().authorization().orElseThrow())
        .startsWith("AWS4-HMAC-SHA256 Credential=AKID/")
        .contains("/eu-west-1/execute-api/aws4_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"node:n1", "api:main"})
  void whoIsSaidToBeGoneIsClosedInCaseItLives(String endpoint) throws Exception {
    status = 410;
    together = new CountDownLatch(2);
    var pushed = pushes.post(endpoint, "c1", FRAME);
    assertThat(together.await(20, TimeUnit.SECONDS)).as("it is closed").isTrue();
    assertThat(pushed.await()).isEqualTo(GONE);
    assertThat(seen).extracting(Seen::method).containsExactly("POST", "DELETE");
    assertThat(pushes.disconnect(endpoint, "c1").await()).isEqualTo(GONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 410})
  void whoIsToBeClosedGetsNoFrameAndIsGone(int answer) {
    status = answer;
    assertThat(pushes.post("closing:node:n1", "c1", FRAME).await()).isEqualTo(GONE);
    assertThat(seen).extracting(Seen::method).containsExactly("DELETE");
    status = 503;
    assertThat(pushes.post("closing:api:main", "c1", FRAME).await())
        .isEqualTo(new Pushed.Failed("api:main answered 503", true));
    status = 200;
    assertThat(pushes.probe("closing:node:n1", "c1").await()).isEqualTo(DELIVERED);
  }

  @ParameterizedTest
  @CsvSource({"429, true", "500, true", "503, true", "400, false", "403, false", "413, false"})
  void otherRefusalsSayWhetherToTryAgainAndAreTriedOnce(int code, boolean again) {
    status = code;
    for (var endpoint : List.of("node:n1", "api:main")) {
      assertThat(pushes.post(endpoint, "c1", FRAME).await())
          .isEqualTo(new Pushed.Failed(endpoint + " answered " + code, again));
    }
    assertThat(seen).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoCannotBeReachedIsGoneIfNothingWasHeardOfItEither(boolean silent) {
    var nobody =
        new Addresses() {
          @Override
          public Future<Optional<URI>> of(String alias) {
            return Future.succeededFuture(Optional.of(URI.create("http://127.0.0.1:1")));
          }

          @Override
          public Future<Boolean> silent(String alias) {
            return Future.succeededFuture(silent);
          }
        };
    try (var lost = new Pushes(vertx, nobody, way(KEYS), Meters.unread())) {
      var pushed = lost.post("node:n1", "c1", FRAME).await();
      if (silent) {
        assertThat(pushed).isEqualTo(GONE);
      } else {
        assertTriedAgain(pushed);
      }
    }
  }

  @Test
  void anUnknownNodeIsGoneAndAnApiMissingFromTheSettingsKeepsWhatWaitsForIt() {
    assertThat(pushes.post("node:n9", "c1", FRAME).await()).isEqualTo(GONE);
    assertThat(pushes.post("http://127.0.0.1", "c1", FRAME).await()).isEqualTo(GONE);
    assertThat(pushes.post("api:other", "c1", FRAME).await())
        .isInstanceOfSatisfying(
            Pushed.Failed.class,
            failed -> {
              assertThat(failed.retryable()).isFalse();
              assertThat(failed.why()).contains("api:other", "STREAMER_API_ENDPOINTS");
            });
    assertThat(seen).isEmpty();
  }

  /** Whatever is thrown, whoever waits for a push hears of it. */
  @Test
  void troubleOnTheWayIsAnOutcome() {
    for (var thrown :
        List.of(
            new StoreUnavailableException("throttled"),
            new IllegalStateException("no"),
            new NoClassDefFoundError("missing"),
            new OutOfMemoryError("none left"))) {
      try (var fails =
              new Pushes(vertx, _ -> Future.failedFuture(thrown), way(KEYS), Meters.unread());
          var throwing =
              new Pushes(
                  vertx,
                  _ -> {
                    throw sneaky(thrown);
                  },
                  way(KEYS),
                  Meters.unread())) {
        assertTriedAgain(fails.post("node:n1", "c1", FRAME).await());
        assertTriedAgain(throwing.probe("node:n1", "c1").await());
      }
    }
    AwsCredentialsProvider none =
        () -> {
          throw SdkClientException.create("no credentials");
        };
    try (var anonymous = pushes(none, 1_000_000)) {
      assertThat(anonymous.post("node:n1", "c1", FRAME).await()).isEqualTo(DELIVERED);
      assertTriedAgain(anonymous.post("api:main", "c1", FRAME).await());
    }
  }

  @Test
  void aConnectionIsLookedAtAndClosed() {
    body =
        """
        {"connectedAt":"2026-11-21T00:00:00Z","lastActiveAt":"2026-11-21T00:00:01Z",
         "identity":{"sourceIp":"127.0.0.1","userAgent":"test"}}
        """;
    assertThat(pushes.probe("node:n1", "c1").await()).isEqualTo(DELIVERED);
    body = "";
    status = 204;
    assertThat(pushes.disconnect("node:n1", "c1").await()).isEqualTo(DELIVERED);
    assertThat(seen).extracting(Seen::method).containsExactly("GET", "DELETE");
  }

  /** Handlers run on virtual threads, and one that computes keeps its carrier. */
  @Test
  void handlersThatKeepAllCarriersHoldUpNoPush() throws Exception {
    int carriers = Runtime.getRuntime().availableProcessors();
    var busy = new CountDownLatch(carriers);
    var done = new AtomicBoolean();
    var handlers = new ArrayList<Thread>();
    for (int i = 0; i < carriers; i++) {
      handlers.add(
          Thread.startVirtualThread(() -> {
            busy.countDown();
            while (!done.get()) {
              Thread.onSpinWait();
            }
          }));
    }
    try {
      busy.await();
      for (var call :
          List.<Supplier<Future<Pushed>>>of(
              () -> pushes.post("node:n1", "c1", FRAME),
              () -> pushes.probe("api:main", "c1"),
              () -> pushes.disconnect("api:main", "c1"))) {
        assertThat(goesOut(call).timeout(20, TimeUnit.SECONDS).await()).isEqualTo(DELIVERED);
      }
    } finally {
      done.set(true);
      for (var handler : handlers) {
        handler.join();
      }
    }
  }

  /** A busy machine may need more than the time that one call has. */
  private static Future<Pushed> goesOut(Supplier<Future<Pushed>> call) {
    return call.get()
        .compose(pushed ->
            pushed instanceof Pushed.Failed ? goesOut(call) : Future.succeededFuture(pushed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"node:n1", "api:main"})
  void manyAtATimeGoByTheSameConnectionsAgainAndAgain(String endpoint) {
    for (int round = 0; round < 10; round++) {
      var all =
          IntStream.range(0, LANES).mapToObj(i -> pushes.post(endpoint, "c" + i, FRAME)).toList();
      Future.all(all).await();
    }
    // a call that ran out of time takes its connection with it
    assertThat(clientPorts).hasSizeLessThanOrEqualTo(2 * LANES);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 100})
  void connectionsThatDoNotAnswerKeepNoPushFromOthersUntilTheirTimeIsUp(int silent) {
    // they are answered as soon as the other one has come
    together = new CountDownLatch(silent + 1);
    var held =
        IntStream.range(0, silent)
            .mapToObj(i -> pushes.post("api:main", "silent" + i, FRAME))
            .toList();
    assertThat(pushes.post("api:main", "other", FRAME).await()).isEqualTo(DELIVERED);
    assertThat(held).allSatisfy(push -> assertThat(push.await()).isEqualTo(DELIVERED));
  }

  @Test
  void whatIsUnderWayIsBoundedInBytes() throws Exception {
    try (var narrow = pushes(KEYS, 2L * FRAME.length)) {
      together = new CountDownLatch(3);
      var first = narrow.post("api:main", "c1", FRAME);
      var second = narrow.post("api:main", "c2", FRAME);
      assertTriedAgain(narrow.post("node:n1", "c2", FRAME).await());
      together.countDown();
      assertThat(first.await()).isEqualTo(DELIVERED);
      assertThat(second.await()).isEqualTo(DELIVERED);
      assertThat(narrow.post("node:n1", "c2", FRAME).await()).isEqualTo(DELIVERED);
      assertThat(seen).hasSize(3);
    }
  }

  private static void assertTriedAgain(Pushed pushed) {
    assertThat(pushed)
        .isInstanceOfSatisfying(
            Pushed.Failed.class, failed -> assertThat(failed.retryable()).isTrue());
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> RuntimeException sneaky(Throwable e) throws E {
    throw (E) e;
  }

  private Pushes pushes(AwsCredentialsProvider credentials, long mostBytes) {
    var address = "http://127.0.0.1:" + server.getAddress().getPort();
    var addresses =
        Addresses.of(
            Map.of("node:n1", URI.create(address), "api:main", URI.create(address + "/live")));
    return new Pushes(vertx, addresses, way(credentials), new Meters(counted), mostBytes);
  }

  private PushTransport way(AwsCredentialsProvider credentials) {
    return Clients.push(vertx, transport, () -> "inside", "eu-west-1", credentials);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var bytes = exchange.getRequestBody().readAllBytes().length;
    clientPorts.add(exchange.getRemoteAddress().getPort());
    seen.add(
        new Seen(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getRawPath(),
            bytes,
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Streamer-Internal")),
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))));
    together.countDown();
    if (!exchange.getRequestMethod().equals("DELETE") && status != 410) {
      await(together);
    }
    var answer = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
    if (answer.length > 0) {
      exchange.getResponseBody().write(answer);
    }
    exchange.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
