package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.Clients;
import io.streamer.gateway.push.Addresses;
import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.signal.Meters;
import io.streamer.shared.push.BlockingPushTransport;
import io.streamer.shared.push.Endpoints;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.settings.Transport;
import io.streamer.testtools.FaultyService;
import io.streamer.testtools.FaultyService.Reaction;
import io.streamer.testtools.FaultyService.Reaction.Say;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * What becomes of a push by each way out of gateway and worker, whatever goes wrong on the way and
 * over there: the SDK's clients are the oracle.
 */
@ParameterizedClass
@EnumSource
@Timeout(120)
class PushContractTest {
  private static final String REGION = "eu-west-1";
  private static final byte[] FRAME = "{\"type\":\"progress\"}".getBytes(UTF_8);
  private static final Say TAKEN = new Say(200, "");
  private static final Pushed DELIVERED = new Pushed.Delivered();
  private static final Pushed GONE = new Pushed.Gone();

  enum Way {
    GATEWAY_LEAN,
    GATEWAY_SDK,
    WORKER_LEAN,
    WORKER_SDK;

    boolean lean() {
      return this == GATEWAY_LEAN || this == WORKER_LEAN;
    }

    boolean blocking() {
      return this == WORKER_LEAN || this == WORKER_SDK;
    }
  }

  /** A way out, as a test that waits uses it. */
  private interface Out extends AutoCloseable {
    Pushed post(String endpoint, String connection, byte[] frame);

    Pushed probe(String endpoint, String connection);

    Pushed disconnect(String endpoint, String connection);

    @Override
    void close();
  }

  private static Vertx vertx;

  @Parameter private Way way;

  private final AtomicInteger looks = new AtomicInteger();
  private volatile boolean hidden;
  private volatile String secret = "inside";
  private FaultyService service;
  private Out out;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @AfterEach
  void close() throws IOException {
    out.close();
    service.close();
  }

  private void script(IntFunction<Reaction> script) throws IOException {
    service = new FaultyService(script);
    out = out(service.port());
  }

  private Out out(int port) {
    var base = "http://127.0.0.1:" + port;
    var at = Map.of("node:n1", URI.create(base), "api:main", URI.create(base + "/live"));
    var transport = way.lean() ? Transport.LEAN : Transport.SDK;
    return way.blocking() ? blocking(transport, at) : loops(transport, at);
  }

  /** Others each time. */
  private AwsCredentialsProvider credentials() {
    return () -> {
      if (hidden) {
        throw SdkClientException.create("none are found");
      }
      return AwsBasicCredentials.create("id" + looks.incrementAndGet(), "secret");
    };
  }

  private Out blocking(Transport transport, Map<String, URI> at) {
    var client =
        new PushClient(
            Endpoints.of(at),
            BlockingPushTransport.of(transport, () -> secret, REGION, credentials()));
    return new Out() {
      @Override
      public Pushed post(String endpoint, String connection, byte[] frame) {
        return client.post(endpoint, connection, frame);
      }

      @Override
      public Pushed probe(String endpoint, String connection) {
        return client.probe(endpoint, connection);
      }

      @Override
      public Pushed disconnect(String endpoint, String connection) {
        return client.disconnect(endpoint, connection);
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  private Out loops(Transport transport, Map<String, URI> at) {
    var pushes =
        new Pushes(
            vertx,
            Addresses.of(at),
            Clients.push(vertx, transport, () -> secret, REGION, credentials()),
            Meters.unread());
    return new Out() {
      @Override
      public Pushed post(String endpoint, String connection, byte[] frame) {
        return pushes.post(endpoint, connection, frame).await();
      }

      @Override
      public Pushed probe(String endpoint, String connection) {
        return pushes.probe(endpoint, connection).await();
      }

      @Override
      public Pushed disconnect(String endpoint, String connection) {
        return pushes.disconnect(endpoint, connection).await();
      }

      @Override
      public void close() {
        pushes.close();
      }
    };
  }

  private static void assertTriedAgain(Pushed pushed) {
    assertThat(pushed)
        .isInstanceOfSatisfying(
            Pushed.Failed.class, failed -> assertThat(failed.retryable()).isTrue());
  }

  private List<String> lines() {
    return service.asked().stream().map(it -> it.line().replace(" HTTP/1.1", "")).toList();
  }

  /** Whose credentials the calls were signed with. */
  private List<String> signers() {
    return service.asked().stream()
        .map(it -> it.headers().get("authorization").replaceFirst("[^=]*=([^/]*)/.*", "$1"))
        .toList();
  }

  @Test
  void aFrameIsTakenAsItIs() throws IOException {
    script(_ -> TAKEN);
    var full = "x".repeat(131_072);
    assertThat(out.post("api:main", "c1", FRAME)).isEqualTo(DELIVERED);
    assertThat(out.post("node:n1", "c1", full.getBytes(UTF_8))).isEqualTo(DELIVERED);
    assertThat(out.post("node:n1", "c1", new byte[0])).isEqualTo(DELIVERED);
    assertThat(service.asked())
        .extracting(FaultyService.Asked::body)
        .containsExactly(new String(FRAME, UTF_8), full, "");
    assertThat(lines())
        .containsExactly(
            "POST /live/@connections/c1", "POST /@connections/c1", "POST /@connections/c1");
  }

  @Test
  void nodesAreShownTheSecretAndApisASignature() throws IOException {
    script(_ -> TAKEN);
    out.post("node:n1", "c1", FRAME);
    out.post("api:main", "c1", FRAME);
    var node = service.asked().getFirst().headers();
    var api = service.asked().getLast().headers();
    assertThat(node).containsEntry("x-streamer-internal", "inside");
    assertThat(node).doesNotContainKeys("authorization", "x-amz-security-token");
    assertThat(api).doesNotContainKey("x-streamer-internal");
    assertThat(api.get("authorization"))
        .startsWith("AWS4-HMAC-SHA256 Credential=id1/")
        .contains("/" + REGION + "/execute-api/aws4_request");
  }

  @ParameterizedTest
  @CsvSource({
    "L0SM9cOFvHcCIhw=, L0SM9cOFvHcCIhw%3D",
    "a/b+c==, a%2Fb%2Bc%3D%3D",
    "../../admin?x#y, ..%2F..%2Fadmin%3Fx%23y",
    "a b~*%2F, a%20b~%2A%252F",
    "grün, gr%C3%BCn"
  })
  void anIdIsOneSegmentOfThePathWhateverIsInIt(String id, String encoded) throws IOException {
    script(_ -> TAKEN);
    for (var endpoint : List.of("api:main", "node:n1")) {
      assertThat(out.post(endpoint, id, FRAME)).isEqualTo(DELIVERED);
      assertThat(out.probe(endpoint, id)).isEqualTo(DELIVERED);
      assertThat(out.disconnect(endpoint, id)).isEqualTo(DELIVERED);
    }
    assertThat(lines())
        .containsExactly(
            "POST /live/@connections/" + encoded,
            "GET /live/@connections/" + encoded,
            "DELETE /live/@connections/" + encoded,
            "POST /@connections/" + encoded,
            "GET /@connections/" + encoded,
            "DELETE /@connections/" + encoded);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GoneException", "GoneException:http://internal.amazon.com/"})
  void a410IsGoneWithItsTypeAndWithout(String type) throws IOException {
    var gone = new Say(410, "");
    script(_ -> type.isEmpty() ? gone : gone.with("x-amzn-ErrorType: " + type));
    assertThat(out.probe("api:main", "c1")).isEqualTo(GONE);
    assertThat(out.disconnect("node:n1", "c1")).isEqualTo(GONE);
    assertThat(out.post("api:main", "c1", FRAME)).isEqualTo(GONE);
  }

  @ParameterizedTest
  @CsvSource({
    "301, '', false",
    "400, BadRequestException, false",
    "401, '', false",
    "403, ForbiddenException, false",
    "403, '', false",
    "404, '', false",
    "408, '', false",
    "413, PayloadTooLargeException, false",
    "429, LimitExceededException, true",
    "429, '', true",
    "500, InternalServerError, true",
    "502, '', true",
    "503, ServiceUnavailableException, true",
    "504, '', true"
  })
  void aRefusalSaysWhetherToTryAgainAndIsAskedForOnce(int status, String type, boolean again)
      throws IOException {
    var say = new Say(status, "{\"message\":\"said\"}");
    script(_ -> type.isEmpty() ? say : say.with("x-amzn-ErrorType: " + type));
    for (var endpoint : List.of("node:n1", "api:main")) {
      assertThat(out.post(endpoint, "c1", FRAME))
          .isEqualTo(new Pushed.Failed(endpoint + " answered " + status, again));
    }
    assertThat(service.asked()).hasSize(2);
  }

  /** Who calls has pauses of its own. */
  @Test
  void whoIsThrottledIsNotWaitedForHoweverLongItSays() throws IOException {
    script(number -> number == 1 ? new Say(429, "").with("Retry-After: 3600") : TAKEN);
    assertThat(out.post("api:main", "c1", FRAME))
        .isEqualTo(new Pushed.Failed("api:main answered 429", true));
    assertThat(out.post("api:main", "c1", FRAME)).isEqualTo(DELIVERED);
    assertThat(service.asked()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"node:n1", "api:main"})
  void aResetBehindAFrameIsToldAndTheFrameNotRepeated(String endpoint) throws IOException {
    script(number -> number == 2 ? new Reaction.Reset() : TAKEN);
    assertThat(out.post(endpoint, "c1", FRAME)).isEqualTo(DELIVERED);
    assertTriedAgain(out.post(endpoint, "c1", FRAME));
    assertThat(out.post(endpoint, "c1", FRAME)).isEqualTo(DELIVERED);
    assertThat(service.asked()).hasSize(3);
  }

  @Test
  void whoEndsItsConnectionsUnreadIsOutOfReach() throws IOException {
    script(_ -> TAKEN);
    try (var deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var lost = out(deaf.getLocalPort())) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                var socket = deaf.accept();
                socket.setSoLinger(true, 0);
                socket.close();
              }
            } catch (IOException _) {
              // closed
            }
          });
      assertTriedAgain(lost.post("node:n1", "c1", FRAME));
      assertTriedAgain(lost.post("api:main", "c1", FRAME));
    }
  }

  /** An exception out of an HTTP client may quote the header that it does not take. */
  @Test
  void aSecretThatNoHeaderTakesIsToldToNobody() throws IOException {
    script(_ -> TAKEN);
    secret = "first\nmarlin7";
    var pushed = out.post("node:n1", "c1", FRAME);
    assertTriedAgain(pushed);
    assertThat(pushed.toString()).doesNotContain("marlin7");
    assertThat(service.asked()).isEmpty();
  }

  @Test
  void whoDoesNotListenIsOutOfReach() throws IOException {
    script(_ -> TAKEN);
    try (var lost = out(1)) {
      assertTriedAgain(lost.post("node:n1", "c1", FRAME));
      assertTriedAgain(lost.post("api:main", "c1", FRAME));
    }
  }

  @Test
  void whoIsSilentIsLeftOnceItsTimeIsUp() throws IOException {
    script(number -> number == 1 ? new Reaction.Hang() : TAKEN);
    assertTriedAgain(out.post("node:n1", "c1", FRAME));
    assertThat(out.post("node:n1", "c1", FRAME)).isEqualTo(DELIVERED);
    assertThat(service.asked()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"node:n1", "api:main"})
  void whoDoesNotSpeakHttpIsOutOfReach(String endpoint) throws IOException {
    script(number -> number == 1 ? new Reaction.Babble() : TAKEN);
    assertTriedAgain(out.post(endpoint, "c1", FRAME));
    assertThat(out.post(endpoint, "c1", FRAME)).isEqualTo(DELIVERED);
  }

  @Test
  void anAnswerThatBreaksOffIsNone() throws IOException {
    script(number -> number == 1 ? new Reaction.Truncate() : TAKEN);
    var pushed = out.post("api:main", "c1", FRAME);
    if (way == Way.WORKER_SDK) {
      // it takes the status for all that there is
      assertThat(pushed).isEqualTo(DELIVERED);
    } else {
      assertTriedAgain(pushed);
    }
    assertThat(out.post("api:main", "c1", FRAME)).isEqualTo(DELIVERED);
  }

  @Test
  void whatIsSaidOfAFrameThatWasTakenIsNotRead() throws IOException {
    script(number -> new Say(200, number == 1 ? "<html>" : "x".repeat(1 << 20)));
    assertThat(out.post("api:main", "c1", FRAME)).isEqualTo(DELIVERED);
    assertThat(out.disconnect("api:main", "c1")).isEqualTo(DELIVERED);
    assertThat(out.post("api:main", "c1", FRAME)).isEqualTo(DELIVERED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"lastActiveAt\":null}",
        "{\"connectedAt\":\"2026-11-21T00:00:00Z\",\"lastActiveAt\":\"2026-11-21T00:00:01.5Z\","
            + "\"identity\":{\"sourceIp\":\"::1\",\"userAgent\":\"a\"}}"
      })
  void aConnectionThatIsLookedAtIsThere(String said) throws IOException {
    script(_ -> new Say(200, said));
    assertThat(out.probe("api:main", "c1")).isEqualTo(DELIVERED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "{\"lastActiveAt\":\"then\"}", "{\"lastActiveAt\":"})
  void whatCannotBeReadOfAConnectionIsNoAnswer(String said) throws IOException {
    script(_ -> new Say(200, said));
    assertTriedAgain(out.probe("api:main", "c1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"node:n1", "api:main"})
  void callsInARowShareAConnection(String endpoint) throws IOException {
    script(number -> number % 4 == 3 ? new Say(429, "{\"message\":\"slow down\"}") : TAKEN);
    for (int i = 0; i < 20; i++) {
      out.post(endpoint, "c" + i, FRAME);
    }
    assertThat(service.asked()).hasSize(20);
    // the SDK's client for event loops may have one more
    assertThat(service.connections()).isLessThanOrEqualTo(2);
  }

  /** The SDK's clients ask for them at each call, and give a refused one up. */
  @Test
  void credentialsThatHaveExpiredAreLookedUpAgain() throws IOException {
    script(number ->
        number == 2 ? new Say(403, "").with("x-amzn-ErrorType: ExpiredTokenException") : TAKEN);
    assertThat(out.post("api:main", "c1", FRAME)).isEqualTo(DELIVERED);
    var second = out.post("api:main", "c1", FRAME);
    assertThat(out.post("api:main", "c1", FRAME)).isEqualTo(DELIVERED);
    if (way.lean()) {
      assertThat(second).isEqualTo(DELIVERED);
      assertThat(signers()).containsExactly("id1", "id1", "id2", "id2");
    } else {
      assertThat(second).isEqualTo(new Pushed.Failed("api:main answered 403", false));
      assertThat(signers()).containsExactly("id1", "id2", "id3");
    }
  }

  @Test
  void credentialsThatAreRefusedAgainAreGivenUp() throws IOException {
    script(_ -> new Say(403, "").with("x-amzn-ErrorType: ExpiredTokenException"));
    assertThat(out.post("api:main", "c1", FRAME))
        .isEqualTo(new Pushed.Failed("api:main answered 403", false));
    assertThat(service.asked()).hasSize(way.lean() ? 2 : 1);
  }

  /** The SDK's clients hear of it only where they retry: no push of theirs arrives. */
  @Test
  void aClockThatIsWrongIsSetRight() throws IOException {
    var skewed =
        new Say(403, "")
            .with("x-amzn-ErrorType: InvalidSignatureException")
            .with("Date: Fri, 01 May 2099 12:00:00 GMT");
    script(number -> number == 1 || !way.lean() ? skewed : TAKEN);
    for (int i = 0; i < 2; i++) {
      assertThat(out.post("api:main", "c1", FRAME))
          .isEqualTo(way.lean() ? DELIVERED : new Pushed.Failed("api:main answered 403", false));
    }
    assertThat(service.asked())
        .extracting(it -> it.headers().get("x-amz-date").startsWith("20990501T12"))
        .isEqualTo(way.lean() ? List.of(false, true, true) : List.of(false, false));
  }

  @Test
  void withoutCredentialsOurNodesAreReachedAndNothingElseIsSent() throws IOException {
    script(_ -> TAKEN);
    hidden = true;
    assertThat(out.post("node:n1", "c1", FRAME)).isEqualTo(DELIVERED);
    assertThat(out.post("api:main", "c1", FRAME)).isInstanceOf(Pushed.Failed.class);
    assertThat(service.asked()).hasSize(1);
    hidden = false;
    assertThat(out.post("api:main", "c1", FRAME)).isEqualTo(DELIVERED);
  }
}
