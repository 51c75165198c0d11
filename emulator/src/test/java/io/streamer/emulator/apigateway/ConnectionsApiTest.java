package io.streamer.emulator.apigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.ApiGatewayManagementApiException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GoneException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.LimitExceededException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.PayloadTooLargeException;

/** The {@code @connections} API, mostly as the SDK for Java sees it. */
class ConnectionsApiTest {
  private static final String SIGNED =
      "AWS4-HMAC-SHA256 Credential=AKID/20261121/us-east-1/execute-api/aws4_request,"
          + " SignedHeaders=host;x-amz-date, Signature="
          + "0".repeat(64);

  @Test
  void aPushReachesTheClient() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      post(edge, open.id(), "{\"a\":\"ä\"}");
      assertThat(open.socket().read()).isEqualTo("{\"a\":\"ä\"}");
    }
  }

  @Test
  void tenThousandPushesArriveInTheOrderTheyWereAccepted() throws Exception {
    var rates = new Limits.Rates(100_000, 100_000, 10);
    try (var edge = Emulated.limited(new Limits(Limits.Sizes.AWS, Limits.Times.AWS, rates));
        var open = edge.open();
        var api =
            new Socket(InetAddress.getLoopbackAddress(), edge.gateway.managementUri().getPort())) {
      // one HTTP connection and no waiting: the next push is there before the last is answered
      var pushing =
          new FutureTask<>(() -> {
            var out = new BufferedOutputStream(api.getOutputStream());
            for (int i = 0; i < 10_000; i++) {
              out.write(request(open.id(), "push " + i).getBytes(StandardCharsets.US_ASCII));
            }
            out.flush();
            return true;
          });
      var answers =
          new FutureTask<>(() -> {
            var in =
                new BufferedReader(
                    new InputStreamReader(api.getInputStream(), StandardCharsets.US_ASCII));
            return in.lines()
                .filter(line -> line.startsWith("HTTP/1.1 "))
                .limit(10_000)
                .distinct()
                .toList();
          });
      Thread.ofVirtual().start(pushing);
      Thread.ofVirtual().start(answers);
      for (int i = 0; i < 10_000; i++) {
        assertThat(open.socket().read()).isEqualTo("push " + i);
      }
      assertThat(pushing.get()).isTrue();
      assertThat(answers.get()).containsExactly("HTTP/1.1 200 OK");
    }
  }

  private static String request(String id, String body) {
    return "POST /dev/@connections/%s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(id, SIGNED, body.length(), body);
  }

  @Test
  void aPushOf128KilobytesComesInFramesOf32() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      post(edge, open.id(), "x".repeat(131_072));
      assertThat(open.socket().message())
          .hasSize(4)
          .allSatisfy(frame -> assertThat(frame.length()).isEqualTo(32_768));
    }
  }

  @Test
  void aLargerPushIsRefused() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      assertThatThrownBy(() -> post(edge, open.id(), "x".repeat(131_073)))
          .asInstanceOf(type(PayloadTooLargeException.class))
          .satisfies(e -> assertThat(e.statusCode()).isEqualTo(413))
          .satisfies(e -> assertThat(e.requestId()).isNotBlank());
    }
  }

  @Test
  void aConnectionTellsWhoItIsAndWhenItWasActive() throws Exception {
    try (var edge = Emulated.start();
        var socket = edge.handshake("User-Agent", "test/1")) {
      var id = edge.backend.next().header("connectionId");
      var start = edge.clock.now();
      edge.clock.advance(Duration.ofSeconds(5));
      socket.text("a");
      edge.backend.next();
      var got = edge.aws.getConnection(r -> r.connectionId(id));
      assertThat(got.connectedAt()).isEqualTo(start);
      assertThat(got.lastActiveAt()).isEqualTo(start.plusSeconds(5));
      assertThat(got.identity().sourceIp()).isEqualTo("127.0.0.1");
      assertThat(got.identity().userAgent()).isEqualTo("test/1");
      edge.clock.advance(Duration.ofSeconds(5));
      post(edge, id, "push");
      assertThat(edge.aws.getConnection(r -> r.connectionId(id)).lastActiveAt())
          .isEqualTo(start.plusSeconds(10));
    }
  }

  @Test
  void aDeletedConnectionIsClosedAndGone() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      post(edge, open.id(), "last words");
      edge.aws.deleteConnection(r -> r.connectionId(open.id()));
      assertThatThrownBy(() -> post(edge, open.id(), "late")).isInstanceOf(GoneException.class);
      assertThat(open.socket().read()).isEqualTo("last words");
      assertThat(open.socket().readClose().code()).isEqualTo(1000);
      assertThat(edge.backend.next().header("eventType")).isEqualTo("DISCONNECT");
      assertThatThrownBy(() -> edge.aws.deleteConnection(r -> r.connectionId(open.id())))
          .isInstanceOf(GoneException.class);
    }
  }

  @Test
  void anUnknownIdIsGoneWithAnEmptyBody() throws Exception {
    try (var edge = Emulated.start()) {
      var id = "L0SM9cOFvHcCIhw=";
      assertThatThrownBy(() -> post(edge, id, "x")).isInstanceOf(GoneException.class);
      var raw = send(edge, "POST", "/dev/@connections/" + id.replace("=", "%3D"), SIGNED);
      assertThat(raw.statusCode()).isEqualTo(410);
      assertThat(raw.body()).isEmpty();
      assertThat(raw.headers().firstValue("x-amzn-ErrorType")).contains("GoneException");
      assertThat(raw.headers().firstValue("x-amzn-RequestId")).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "a/b", "L0SM9cOFvHcCIhw", "L0SM9cOFvHcCIhw%3D", "ü="})
  void anIdThatCannotBeOneIsABadRequest(String id) throws Exception {
    try (var edge = Emulated.start()) {
      assertThatThrownBy(() -> post(edge, id, "x"))
          .asInstanceOf(type(ApiGatewayManagementApiException.class))
          .satisfies(e -> assertThat(e.statusCode()).isEqualTo(400))
          .satisfies(
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("BadRequestException"))
          .satisfies(e ->
              assertThat(e.awsErrorDetails().errorMessage())
                  .isEqualTo("Invalid connectionId: " + id));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/@connections/",
        "/dev/%40connections/",
        "/@connections/",
        "/base/path/@connections/"
      })
  void anyPrefixAndBothSpellingsOfThePathAreServed(String path) throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      assertThat(send(edge, "POST", path + open.id(), SIGNED).statusCode()).isEqualTo(200);
      assertThat(open.socket().read()).isEqualTo("body");
      var encoded = path + open.id().replace("=", "%3D");
      assertThat(send(edge, "DELETE", encoded, SIGNED).statusCode()).isEqualTo(204);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "| MissingAuthenticationTokenException",
        "Bearer t | IncompleteSignatureException",
        "AWS4-HMAC-SHA256 Credential=AKID/20261121/us-east-1/execute-api/aws4_request |"
            + " IncompleteSignatureException",
        "dynamodb | InvalidSignatureException"
      })
  void aCallWithoutASignatureForThisServiceIsForbidden(String authorization, String type)
      throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      var given =
          "dynamodb".equals(authorization)
              ? SIGNED.replace("execute-api", "dynamodb")
              : authorization;
      for (var method : new String[] {"POST", "GET", "DELETE"}) {
        var refused = send(edge, method, "/dev/@connections/" + open.id(), given);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("x-amzn-ErrorType")).contains(type);
      }
      assertThat(edge.aws.getConnection(r -> r.connectionId(open.id()))).isNotNull();
    }
  }

  @Test
  void aClientThatDoesNotReadMakesPushesFailUntilItDoes() throws Exception {
    try (var edge = Emulated.start();
        var socket = new RawSocket(edge.gateway.socketUri(), java.util.Map.of(), 4_096)) {
      var id = edge.backend.next().header("connectionId");
      var push = "x".repeat(131_072);
      int sent = 0;
      try {
        // the kernel's buffers come first, of a few megabytes at most
        for (; sent < 1_000; sent++) {
          post(edge, id, push);
        }
      } catch (LimitExceededException e) {
        assertThat(e.statusCode()).isEqualTo(429);
      }
      assertThat(sent).isBetween(8, 999);
      for (int i = 0; i < sent; i++) {
        assertThat(socket.read()).isEqualTo(push);
      }
      post(edge, id, "again");
      assertThat(socket.read()).isEqualTo("again");
    }
  }

  @Test
  void pushesBeyondTheAccountsRateAreThrottled() throws Exception {
    var rates = new Limits.Rates(1, 3, 10);
    try (var edge = Emulated.limited(new Limits(Limits.Sizes.AWS, Limits.Times.AWS, rates));
        var open = edge.open()) {
      post(edge, open.id(), "one");
      open.socket().text("a message counts as well");
      edge.backend.next();
      assertThatThrownBy(() -> post(edge, open.id(), "two"))
          .isInstanceOf(LimitExceededException.class);
      edge.clock.advance(Duration.ofSeconds(1));
      post(edge, open.id(), "three");
      assertThat(open.socket().read()).isEqualTo("one");
      assertThat(open.socket().read()).as("the backend's answer to the message").isEmpty();
      assertThat(open.socket().read()).isEqualTo("three");
    }
  }

  private static void post(Emulated edge, String id, String text) {
    edge.aws.postToConnection(r -> r.connectionId(id).data(Bytes.of(text)));
  }

  private static HttpResponse<String> send(
      Emulated edge, String method, String path, String authorization)
      throws IOException, InterruptedException {
    var uri = URI.create("http://" + edge.gateway.managementUri().getAuthority() + path);
    var request = HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString("body"));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }
}
