package io.streamer.shared.push;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.table.StoreUnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The client against a real HTTP server, by either transport. */
@ParameterizedClass
@EnumSource
class PushClientTest {
  private static final byte[] FRAME = "{\"type\":\"progress\"}".getBytes(StandardCharsets.UTF_8);
  private static final AwsCredentialsProvider KEYS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret"));
  private static final Pushed DELIVERED = new Pushed.Delivered();
  private static final Pushed GONE = new Pushed.Gone();

  private record Seen(
      String method,
      String path,
      String body,
      Optional<String> secret,
      Optional<String> authorization,
      int clientPort) {}

  @Parameter private Transport transport;

  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final CountDownLatch hold = new CountDownLatch(1);
  private HttpServer server;
  private PushClient client;
  private volatile int status = 200;
  private volatile String errorType = "";
  private volatile String body = "";
  private volatile boolean silent;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
    server.createContext("/", this::answer);
    server.start();
    client = client("inside", KEYS);
  }

  @AfterEach
  void stop() {
    hold.countDown();
    client.close();
    server.stop(0);
  }

  @Test
  void aFrameIsDeliveredAsItIs() {
    assertThat(client.post("node:n1", "c1", FRAME)).isEqualTo(DELIVERED);
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().method()).isEqualTo("POST");
    assertThat(seen.getFirst().path()).isEqualTo("/@connections/c1");
    assertThat(seen.getFirst().body()).isEqualTo(new String(FRAME, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "L0SM9cOFvHcCIhw=, L0SM9cOFvHcCIhw%3D",
    "a/b+c==, a%2Fb%2Bc%3D%3D",
    "../../admin?x#y, ..%2F..%2Fadmin%3Fx%23y"
  })
  void anIdIsOneSegmentOfThePathWhateverIsInIt(String id, String encoded) {
    assertThat(client.post("node:n1", id, FRAME)).isEqualTo(DELIVERED);
    assertThat(seen.getFirst().path()).isEqualTo("/@connections/" + encoded);
  }

  @Test
  void aStageStaysInFrontOfThePath() {
    assertThat(client.post("api:main", "c1", FRAME)).isEqualTo(DELIVERED);
    assertThat(seen.getFirst().path()).isEqualTo("/live/@connections/c1");
  }

  @Test
  void ourNodesGetTheSecretAndNoSignature() {
    client.post("node:n1", "c1", FRAME);
    assertThat(seen.getFirst().secret()).contains("inside");
    assertThat(seen.getFirst().authorization()).isEmpty();
  }

  @Test
  void theGatewayServiceGetsASignatureAndNoSecret() {
    client.post("api:main", "c1", FRAME);
    assertThat(seen.getFirst().secret()).isEmpty();
    assertThat(seen.getFirst().authorization().orElseThrow())
        .startsWith("AWS4-HMAC-SHA256 Credential=AKID/")
        .contains("/eu-west-1/execute-api/aws4_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"node:n1", "api:main"})
  void whoIsSaidToBeGoneIsClosedInCaseItLives(String endpoint) {
    status = 410;
    assertThat(client.post(endpoint, "c1", FRAME)).isEqualTo(GONE);
    assertThat(seen).extracting(Seen::method).containsExactly("POST", "DELETE");
    assertThat(seen).extracting(Seen::path).allMatch(path -> path.endsWith("/@connections/c1"));
    assertThat(client.disconnect(endpoint, "c1")).isEqualTo(GONE);
    assertThat(seen).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 410})
  void whoIsToBeClosedGetsNoFrameAndIsGone(int answer) {
    status = answer;
    assertThat(client.post("closing:node:n1", "c1", FRAME)).isEqualTo(GONE);
    assertThat(seen).extracting(Seen::method).containsExactly("DELETE");
    assertThat(seen.getFirst().path()).isEqualTo("/@connections/c1");
    assertThat(seen.getFirst().secret()).contains("inside");
    status = 200;
    assertThat(client.probe("closing:node:n1", "c1")).isEqualTo(DELIVERED);
  }

  @Test
  void whoCannotBeClosedIsNotGone() {
    status = 503;
    assertThat(client.post("closing:api:main", "c1", FRAME))
        .isEqualTo(new Pushed.Failed("api:main answered 503", true));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoCannotBeReachedIsGoneIfNothingWasHeardOfItEither(boolean silent) {
    var nobody = URI.create("http://127.0.0.1:1");
    var endpoints =
        new Endpoints() {
          @Override
          public Optional<URI> address(String alias) {
            return Optional.of(nobody);
          }

          @Override
          public boolean silent(String alias) {
            return silent;
          }
        };
    try (var far = new PushClient(endpoints, way("inside", KEYS))) {
      var pushed = far.post("node:n1", "c1", FRAME);
      if (silent) {
        assertThat(pushed).isEqualTo(GONE);
      } else {
        assertThat(pushed)
            .isInstanceOfSatisfying(
                Pushed.Failed.class, failed -> assertThat(failed.retryable()).isTrue());
      }
    }
  }

  @Test
  void withoutASecretNoHeaderIsSent() {
    try (var open = client("", KEYS)) {
      open.post("node:n1", "c1", FRAME);
    }
    assertThat(seen.getFirst().secret()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GoneException", "GoneException:http://internal.amazon.com/"})
  void a410IsGoneWithItsTypeAndWithout(String type) {
    status = 410;
    errorType = type;
    assertThat(client.post("node:n1", "c1", FRAME)).isEqualTo(GONE);
    assertThat(client.probe("api:main", "c1")).isEqualTo(GONE);
    assertThat(client.disconnect("node:n1", "c1")).isEqualTo(GONE);
  }

  @ParameterizedTest
  @CsvSource({
    "429, LimitExceededException, true",
    "429, '', true",
    "500, '', true",
    "503, '', true",
    "400, BadRequestException, false",
    "403, ForbiddenException, false",
    "413, PayloadTooLargeException, false"
  })
  void otherRefusalsSayWhetherToTryAgainAndAreTriedOnce(int code, String type, boolean again) {
    status = code;
    errorType = type;
    for (var endpoint : List.of("node:n1", "api:main")) {
      assertThat(client.post(endpoint, "c1", FRAME))
          .isEqualTo(new Pushed.Failed(endpoint + " answered " + code, again));
    }
    assertThat(seen).hasSize(2);
  }

  @Test
  void aNodeThatDoesNotAnswerIsLeftAndMayBeTriedAgain() {
    silent = true;
    assertThat(client.post("node:n1", "c1", FRAME))
        .isInstanceOfSatisfying(
            Pushed.Failed.class, failed -> assertThat(failed.retryable()).isTrue());
  }

  @Test
  void nobodyListeningMayBeTriedAgain() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var nowhere = Endpoints.of(Map.of("node:n1", URI.create("http://127.0.0.1:" + port)));
    try (var lost = new PushClient(nowhere, way("", KEYS))) {
      assertThat(lost.post("node:n1", "c1", FRAME))
          .isInstanceOfSatisfying(
              Pushed.Failed.class, failed -> assertThat(failed.retryable()).isTrue());
    }
  }

  @Test
  void anUnknownAliasIsGoneWithoutARequest() {
    assertThat(client.post("node:n9", "c1", FRAME)).isEqualTo(GONE);
    assertThat(client.post("http://127.0.0.1", "c1", FRAME)).isEqualTo(GONE);
    assertThat(seen).isEmpty();
  }

  @Test
  void anApiMissingFromTheSettingsFailsAndKeepsWhatWaitsForIt() {
    assertThat(client.post("api:other", "c1", FRAME))
        .isInstanceOfSatisfying(
            Pushed.Failed.class,
            failed -> {
              assertThat(failed.retryable()).isFalse();
              assertThat(failed.why()).contains("api:other", "STREAMER_API_ENDPOINTS");
            });
    assertThat(seen).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"node:n1", "api:main"})
  void sendsInARowShareOneTcpConnection(String endpoint) {
    for (int i = 0; i < 20; i++) {
      // refusals must be read to their end too, or their connection is lost
      status = i % 4 == 3 ? 429 : 200;
      body = i % 4 == 3 ? "{\"message\":\"slow down\"}" : "";
      client.post(endpoint, "c" + i, FRAME);
    }
    assertThat(seen).hasSize(20);
    assertThat(seen).extracting(Seen::clientPort).containsOnly(seen.getFirst().clientPort());
  }

  @Test
  void anAliasThatCannotBeLookedUpMayBeTriedAgain() {
    var throttled = new StoreUnavailableException("throttled");
    for (var thrown : List.of(throttled, new CompletionException(throttled))) {
      Endpoints out =
          _ -> {
            throw thrown;
          };
      try (var blind = new PushClient(out, way("", KEYS))) {
        assertThat(blind.post("node:n1", "c1", FRAME))
            .isInstanceOfSatisfying(
                Pushed.Failed.class, failed -> assertThat(failed.retryable()).isTrue());
      }
    }
  }

  /**
   * What a client says aloud while it pushes to nodes.
   *
   * @param there of whom there is one; nobody listens at the others
   */
  private List<String> said(String there, String... pushedTo) throws IOException {
    URI nobody;
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("http://127.0.0.1:" + taken.getLocalPort());
    }
    var here = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    Endpoints endpoints = alias -> Optional.of(alias.equals(there) ? here : nobody);
    var logger = (Logger) LoggerFactory.getLogger(PushClient.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    logger.addAppender(lines);
    try (var far = new PushClient(endpoints, way("", KEYS))) {
      for (var alias : pushedTo) {
        far.post(alias, "c1", FRAME);
      }
    } finally {
      logger.detachAppender(lines);
    }
    return lines.list.stream()
        .filter(line -> line.getLevel() == Level.ERROR)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void whoReachesNoNodeSaysSoOnce() throws IOException {
    var lines = said("", "node:n1", "node:n2", "node:n3", "node:n4", "node:n5", "node:n6");
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst())
        .contains("no gateway task was reached", "direct clients get no progress", "VPC");
  }

  @Test
  void aNodeThatHasJustEndedIsNoReasonToSaySo() throws IOException {
    assertThat(said("", "node:n1", "node:n2")).isEmpty();
    assertThat(said("node:n1", "node:n1", "node:n2", "node:n3", "node:n4", "node:n5")).isEmpty();
    status = 410;
    assertThat(said("node:n1", "node:n2", "node:n1", "node:n3", "node:n4")).isEmpty();
    // an API that cannot be reached is something else
    assertThat(said("", "api:main", "api:main", "api:main", "api:main")).isEmpty();
  }

  @Test
  void missingCredentialsFailTheGatewayServiceAndNotOurNodes() {
    AwsCredentialsProvider none =
        () -> {
          throw SdkClientException.create("no credentials");
        };
    try (var anonymous = client("inside", none)) {
      assertThat(anonymous.post("node:n1", "c1", FRAME)).isEqualTo(DELIVERED);
      assertThat(anonymous.post("api:main", "c1", FRAME)).isInstanceOf(Pushed.Failed.class);
    }
  }

  @Test
  void aConnectionIsProbedAndClosed() {
    body =
        """
        {"connectedAt":"2026-11-21T00:00:00Z","lastActiveAt":"2026-11-21T00:00:01Z",
         "identity":{"sourceIp":"127.0.0.1","userAgent":"test"}}
        """;
    assertThat(client.probe("node:n1", "c1")).isEqualTo(DELIVERED);
    body = "";
    status = 204;
    assertThat(client.disconnect("node:n1", "c1")).isEqualTo(DELIVERED);
    assertThat(seen).extracting(Seen::method).containsExactly("GET", "DELETE");
  }

  @Test
  void anEmptyFrameAndAFullOneArriveWhole() {
    var full = "x".repeat(131_072).getBytes(StandardCharsets.UTF_8);
    assertThat(client.post("node:n1", "c1", full)).isEqualTo(DELIVERED);
    assertThat(client.post("node:n1", "c1", new byte[0])).isEqualTo(DELIVERED);
    assertThat(seen).extracting(each -> each.body().length()).containsExactly(131_072, 0);
  }

  private PushClient client(String secret, AwsCredentialsProvider credentials) {
    var base = "http://127.0.0.1:" + server.getAddress().getPort();
    var endpoints =
        Endpoints.of(Map.of("node:n1", URI.create(base), "api:main", URI.create(base + "/live")));
    return new PushClient(endpoints, way(secret, credentials));
  }

  private BlockingPushTransport way(String secret, AwsCredentialsProvider credentials) {
    return BlockingPushTransport.of(transport, () -> secret, "eu-west-1", credentials);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = exchange.getRequestHeaders();
      seen.add(
          new Seen(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getRawPath(),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
              Optional.ofNullable(headers.getFirst("X-Streamer-Internal")),
              Optional.ofNullable(headers.getFirst("Authorization")),
              exchange.getRemoteAddress().getPort()));
      if (silent) {
        hold.await();
      }
      if (!errorType.isEmpty()) {
        exchange.getResponseHeaders().add("x-amzn-ErrorType", errorType);
      }
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
