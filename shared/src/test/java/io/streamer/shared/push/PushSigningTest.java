package io.streamer.shared.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** What goes out, beside what the SDK's client sends. */
class PushSigningTest {
  private static final DateTimeFormatter SIGNED =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final List<AwsCredentials> CREDENTIALS =
      List.of(
          AwsBasicCredentials.create("id", "secret"),
          AwsSessionCredentials.create("id", "secret", "token"));

  /** What the signer adds by itself. */
  private static final Set<String> SIGNERS =
      Set.of("host", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token");

  private static HttpServer server;
  private static volatile String path = "";
  private static volatile Headers headers = new Headers();
  private static volatile byte[] body = {};

  @BeforeAll
  static void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", PushSigningTest::answer);
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      path = exchange.getRequestURI().getRawPath();
      headers = exchange.getRequestHeaders();
      body = exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(200, -1);
    }
  }

  static Stream<Arguments> calls() {
    var frame = "{\"type\":\"progress\",\"text\":\"grün\"}".getBytes(UTF_8);
    var kinds =
        List.<Function<String, PushCall>>of(
            id -> PushCall.post(id, frame),
            id -> PushCall.post(id, new byte[0]),
            PushCall::get,
            PushCall::delete);
    var ids =
        List.of(
            "L0SM9cOFvHcCIhw=",
            "a/b+c==",
            "../../admin?x#y",
            "..",
            "%2F%",
            "a b~_-.*'(){};:@&,",
            "grün\uD83D\uDE00");
    return Stream.of("", "/", "/live", "/live/", "/a%20b")
        .flatMap(stage ->
            ids.stream()
                .flatMap(id -> kinds.stream().map(kind -> Arguments.of(stage, kind.apply(id)))));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void whatGoesOutIsSignedAsTheSdkSignsIt(String stage, PushCall call) {
    var host = new Host(URI.create(address() + stage), false);
    for (var credentials : CREDENTIALS) {
      send(host, call, credentials);
      assertThat(call.path(host)).isEqualTo(path);
      assertThat(call.body()).isEqualTo(body);
      var theirs = headers;
      var authorization = theirs.getFirst("Authorization");
      var further =
          Arrays.stream(signed(authorization))
              .filter(name -> !SIGNERS.contains(name))
              .collect(Collectors.toMap(name -> name, theirs::getFirst));
      var time = Instant.from(SIGNED.parse(theirs.getFirst("X-Amz-Date")));
      var at = Clock.fixed(time, ZoneOffset.UTC);
      var ours = new PushSigning("eu-west-1");
      var same = ours.headers(host, call, further, credentials, at);
      assertThat(same.get("Authorization")).containsExactly(authorization);
      // and by itself it signs the same, but for what the SDK's client adds
      var bare = ours.headers(host, call, credentials, at);
      assertThat(bare.get("x-amz-content-sha256")).isEqualTo(theirs.get("x-amz-content-sha256"));
      assertThat(bare.get("X-Amz-Security-Token")).isEqualTo(theirs.get("X-Amz-Security-Token"));
      assertThat(scope(bare.get("Authorization").getFirst())).isEqualTo(scope(authorization));
      assertThat(bare.get("Content-Type")).isEqualTo(theirs.get("Content-Type"));
    }
  }

  private static void send(Host host, PushCall call, AwsCredentials credentials) {
    try (var sdk =
        new BlockingSdkPushes(
            () -> "", "eu-west-1", StaticCredentialsProvider.create(credentials))) {
      assertThat(sdk.send(host, call).status()).isEqualTo(200);
    }
  }

  private static String[] signed(String authorization) {
    return authorization.replaceFirst(".*SignedHeaders=([^,]*),.*", "$1").split(";", -1);
  }

  private static String scope(String authorization) {
    return authorization.substring(0, authorization.indexOf(','));
  }

  private static URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }
}
