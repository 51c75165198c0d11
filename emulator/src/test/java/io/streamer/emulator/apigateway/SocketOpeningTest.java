package io.streamer.emulator.apigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.emulator.apigateway.Backend.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GoneException;

/** What happens before a client has its 101. */
class SocketOpeningTest {
  @Test
  void theBackendIsAskedWithAnEmptyPostThatCarriesTheHandshake() throws Exception {
    try (var edge = Emulated.start();
        var socket =
            new RawSocket(
                URI.create(edge.gateway.socketUri() + "?token=a%20b&x=1&x=2"),
                Map.of(
                    "Authorization", "Bearer t",
                    "Cookie", "c=1",
                    "Origin", "https://example.org",
                    "User-Agent", "test/1",
                    "X-Own", "mine",
                    "X-Forwarded-For", "10.0.0.9"))) {
      assertThat(socket.status()).isEqualTo(101);
      var seen = edge.backend.next();
      assertThat(seen.method()).isEqualTo("POST");
      assertThat(seen.uri()).hasToString("/apigateway/connect?token=a%20b&x=1&x=2");
      assertThat(seen.body()).isEmpty();
      assertThat(seen.header("Content-Length")).isEqualTo("0");
      assertThat(seen.header("Cookie")).isEqualTo("c=1");
      assertThat(seen.header("Origin")).isEqualTo("https://example.org");
      assertThat(seen.header("User-Agent")).isEqualTo("test/1");
      assertThat(seen.header("Sec-WebSocket-Key")).isEqualTo("AAAAAAAAAAAAAAAAAAAAAA==");
      assertThat(seen.header("Sec-WebSocket-Version")).isEqualTo("13");
      assertThat(seen.header("x-amzn-apigateway-api-id")).isEqualTo("local0api1");
      assertThat(seen.header("X-Amzn-Trace-Id")).matches("Root=1-[0-9a-f]{8}-[0-9a-f]{24}");
      assertThat(seen.header("X-Forwarded-For")).isEqualTo("10.0.0.9, 127.0.0.1");
      assertThat(seen.header("connectionId")).matches("[A-Za-z0-9_-]{15}=");
      assertThat(seen.header("eventType")).isEqualTo("CONNECT");
      assertThat(seen.headers()).doesNotContainKeys("Authorization", "X-own");
    }
  }

  @Test
  void noSocketIsThereUntilTheBackendHasAgreed() throws Exception {
    try (var edge = Emulated.start()) {
      var agree = new CountDownLatch(1);
      edge.backend.behave(_ -> {
        agree.await();
        return Answer.NOTHING;
      });
      var shaking = new FutureTask<>(() -> edge.handshake());
      Thread.ofVirtual().start(shaking);
      var id = edge.backend.next().header("connectionId");
      assertThatThrownBy(() -> edge.aws.getConnection(r -> r.connectionId(id)))
          .isInstanceOf(GoneException.class);
      agree.countDown();
      try (var socket = shaking.get()) {
        assertThat(socket.status()).isEqualTo(101);
        assertThat(edge.aws.getConnection(r -> r.connectionId(id)).connectedAt()).isNotNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 401, 403, 404, 500, 503})
  void aBackendThatDoesNotAgreeRefusesWithItsOwnStatus(int status) throws Exception {
    try (var edge = Emulated.start()) {
      edge.backend.behave(_ -> Answer.of(status, "{\"why\":\"no\"}"));
      try (var socket = edge.handshake()) {
        assertThat(socket.status()).isEqualTo(status);
        assertThat(socket.refusal()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 204})
  void anySuccessOpensTheSocket(int status) throws Exception {
    try (var edge = Emulated.start()) {
      edge.backend.behave(_ -> Answer.of(status, ""));
      try (var socket = edge.handshake()) {
        assertThat(socket.status()).isEqualTo(101);
      }
    }
  }

  @Test
  void aBackendOutOfReachIsABadGateway() throws Exception {
    try (var edge = Emulated.start()) {
      edge.gateway.backends().remove(edge.backend.uri());
      try (var socket = edge.handshake()) {
        assertThat(socket.status()).isEqualTo(502);
        var body = new JsonObject(socket.refusal());
        assertThat(body.getString("message")).isEqualTo("Internal server error");
        assertThat(body.fieldNames()).containsExactly("message", "connectionId", "requestId");
      }
    }
  }

  @Test
  void aBackendThatTakes29SecondsIsATimeout() throws Exception {
    try (var edge = Emulated.start()) {
      var never = new CountDownLatch(1);
      edge.backend.behave(_ -> {
        never.await();
        return Answer.NOTHING;
      });
      var shaking = new FutureTask<>(() -> edge.handshake());
      Thread.ofVirtual().start(shaking);
      edge.backend.next();
      edge.clock.advance(Duration.ofMillis(28_999));
      assertThat(shaking.isDone()).isFalse();
      edge.clock.advance(Duration.ofMillis(1));
      try (var socket = shaking.get()) {
        assertThat(socket.status()).isEqualTo(504);
        assertThat(new JsonObject(socket.refusal()).getString("message"))
            .isEqualTo("Endpoint request timed out");
      }
      never.countDown();
    }
  }

  @Test
  void aSubprotocolIsNotChosenUnlessTheBackendChoosesIt() throws Exception {
    try (var edge = Emulated.start()) {
      try (var socket = edge.handshake("Sec-WebSocket-Protocol", "streamer.v1, other")) {
        assertThat(socket.status()).isEqualTo(101);
        assertThat(socket.header("Sec-WebSocket-Protocol")).isEmpty();
      }
      assertThat(edge.backend.next().header("Sec-WebSocket-Protocol"))
          .isEqualTo("streamer.v1, other");
      edge.backend.behave(
          _ -> new Answer(200, Map.of("Sec-WebSocket-Protocol", "streamer.v1", "X-Own", "1"), ""));
      try (var socket = edge.handshake("Sec-WebSocket-Protocol", "streamer.v1, other")) {
        assertThat(socket.header("Sec-WebSocket-Protocol")).contains("streamer.v1");
        assertThat(socket.header("X-Own")).isEmpty();
      }
    }
  }

  @Test
  void moreHandshakesThanTheAccountMayHaveAreThrottled() throws Exception {
    var limits = new Limits(Limits.Sizes.AWS, Limits.Times.AWS, new Limits.Rates(100, 100, 2));
    try (var edge = Emulated.limited(limits);
        var first = edge.handshake();
        var second = edge.handshake();
        var third = edge.handshake()) {
      assertThat(first.status()).isEqualTo(101);
      assertThat(second.status()).isEqualTo(101);
      assertThat(third.status()).isEqualTo(429);
      edge.clock.advance(Duration.ofMillis(500));
      try (var fourth = edge.handshake()) {
        assertThat(fourth.status()).isEqualTo(101);
      }
    }
  }

  @Test
  void aRefusedHandshakeGivesItsPlaceBack() throws Exception {
    var sizes = new Limits.Sizes(32_768, 131_072, 1_048_576, 1);
    try (var edge = Emulated.limited(new Limits(sizes, Limits.Times.AWS, Limits.Rates.AWS))) {
      edge.backend.behave(_ -> Answer.of(403, ""));
      edge.handshake().close();
      edge.backend.behave(_ -> Answer.NOTHING);
      try (var socket = edge.handshake();
          var tooMany = edge.handshake()) {
        assertThat(socket.status()).isEqualTo(101);
        assertThat(tooMany.status()).isEqualTo(503);
      }
    }
  }

  @Test
  void aClientThatLeavesDuringItsHandshakeIsReportedAsGone() throws Exception {
    var sizes = new Limits.Sizes(32_768, 131_072, 1_048_576, 1);
    try (var edge = Emulated.limited(new Limits(sizes, Limits.Times.AWS, Limits.Rates.AWS))) {
      var agree = new CountDownLatch(1);
      edge.backend.behave(_ -> {
        agree.await();
        return Answer.NOTHING;
      });
      var client = RawSocket.begin(edge.gateway.socketUri());
      var id = edge.backend.next().header("connectionId");
      client.close();
      agree.countDown();
      var end = edge.backend.next();
      assertThat(end.header("eventType")).isEqualTo("DISCONNECT");
      assertThat(end.header("connectionId")).isEqualTo(id);
      try (var next = edge.handshake()) {
        assertThat(next.status()).isEqualTo(101);
      }
    }
  }

  @Test
  void plainRequestsAndOtherStagesAreRefused() throws Exception {
    try (var edge = Emulated.start()) {
      var stage = edge.gateway.managementUri();
      assertThat(status(stage)).isEqualTo(426);
      assertThat(status(stage.resolve("/other"))).isEqualTo(403);
      try (var other =
          new RawSocket(URI.create("ws://" + stage.getAuthority() + "/other"), Map.of())) {
        assertThat(other.status()).isEqualTo(403);
      }
      assertThat(edge.backend.sawNothingElse()).isTrue();
    }
  }

  /** By the old client: the other one takes no header {@code Upgrade}. */
  private static int status(URI uri) throws IOException {
    return ((HttpURLConnection) uri.toURL().openConnection()).getResponseCode();
  }
}
