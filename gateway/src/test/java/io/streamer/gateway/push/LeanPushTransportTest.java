package io.streamer.gateway.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.push.Host;
import io.streamer.shared.push.PushAnswer;
import io.streamer.shared.push.PushCall;
import io.streamer.shared.push.UnansweredException;
import io.streamer.testtools.FaultyService;
import io.streamer.testtools.FaultyService.Reaction;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Its TLS, its bounds and whom it answers; the contract of both transports tells the rest. */
@Timeout(60)
class LeanPushTransportTest {
  private static final PushCall POST = PushCall.post("c1=", "{}".getBytes(UTF_8));
  private static final PushAnswer TAKEN = new PushAnswer(200);

  private final Vertx vertx = Vertx.vertx();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private LeanPushTransport transport(HttpClientOptions options) {
    return new LeanPushTransport(
        vertx,
        () -> "inside",
        "eu-west-1",
        StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")),
        Clock.systemUTC(),
        options);
  }

  private HttpServer listen(String address, HttpServerOptions options) {
    return vertx
        .createHttpServer(options)
        .requestHandler(request -> {
          seen.add(request.scheme() + " " + request.authority() + request.uri());
          request.response().end();
        })
        .listen(0, address)
        .await();
  }

  private Future<PushAnswer> sent(LeanPushTransport transport, String address, boolean node) {
    var host = new Host(URI.create(address), node);
    var answer = transport.send(host, POST, vertx.getOrCreateContext());
    Future.join(List.of(answer)).otherwiseEmpty().await();
    return answer;
  }

  /** Of one who is called 127.0.0.1. */
  private static PfxOptions certificate(Path folder) throws IOException, InterruptedException {
    var file = folder.resolve("keys.p12");
    var made =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "a",
                "-dname",
                "CN=test",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                "password",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(made.getInputStream().readAllBytes(), UTF_8);
    assertThat(made.waitFor()).as(said).isZero();
    return new PfxOptions().setPath(file.toString()).setPassword("password");
  }

  @Test
  void anHttpsEndpointIsSpokenToByTlsAndOnlyIfItIsTrusted(@TempDir Path folder) throws Exception {
    var keys = certificate(folder);
    var server = listen("127.0.0.1", new HttpServerOptions().setSsl(true).setKeyCertOptions(keys));
    int port = server.actualPort();
    try (var trusting = transport(new HttpClientOptions().setTrustOptions(keys));
        var usual = transport(new HttpClientOptions())) {
      assertThat(sent(trusting, "https://127.0.0.1:" + port + "/live", false).result())
          .isEqualTo(TAKEN);
      assertThat(seen).containsExactly("https 127.0.0.1:" + port + "/live/@connections/c1%3D");
      assertThat(sent(usual, "https://127.0.0.1:" + port, false).cause())
          .isInstanceOf(UnansweredException.class);
      // its certificate has not that name
      assertThat(sent(trusting, "https://localhost:" + port, false).cause())
          .isInstanceOf(UnansweredException.class);
      assertThat(seen).hasSize(1);
      // and nodes are spoken to without it by the same client
      int plain = listen("127.0.0.1", new HttpServerOptions()).actualPort();
      assertThat(sent(trusting, "http://127.0.0.1:" + plain, true).result()).isEqualTo(TAKEN);
      assertThat(seen).last().isEqualTo("http 127.0.0.1:" + plain + "/@connections/c1%3D");
    }
  }

  @Test
  void thereAreSoManyConnectionsToAHostAndNoMore() throws IOException {
    try (var taking = new FaultyService(_ -> new Reaction.Say(200, ""));
        var transport = transport(new HttpClientOptions())) {
      var host = new Host(URI.create("http://127.0.0.1:" + taking.port()), false);
      var context = vertx.getOrCreateContext();
      var answers =
          IntStream.range(0, 4 * Pushes.MOST_UNDER_WAY)
              .mapToObj(_ -> transport.send(host, POST, context))
              .toList();
      Future.join(answers).await();
      assertThat(taking.asked()).hasSize(answers.size());
      assertThat(taking.connections()).isLessThanOrEqualTo(Pushes.MOST_UNDER_WAY);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theAnswerComesOnTheContextThatAsked(boolean node) {
    int port = listen("127.0.0.1", new HttpServerOptions()).actualPort();
    var host = new Host(URI.create("http://127.0.0.1:" + port), node);
    try (var transport = transport(new HttpClientOptions())) {
      for (var context :
          List.of(
              vertx.getOrCreateContext(), ((VertxInternal) vertx).createVirtualThreadContext())) {
        var there =
            Future.<Boolean>future(done ->
                context.runOnContext(_ ->
                    transport
                        .send(host, POST, context)
                        .map(_ -> context.equals(Vertx.currentContext()))
                        .onComplete(done)));
        assertThat(there.await()).isTrue();
      }
    }
  }

  /** Vert.x would take its own host for it, which is this one. */
  @ParameterizedTest
  @ValueSource(strings = {"http://gateway_1:8082", "http://fe80::1:8082", "http://:::8082"})
  void anAddressWithoutAHostGoesNowhere(String address) {
    try (var transport = transport(new HttpClientOptions())) {
      assertThat(sent(transport, address, true).cause())
          .isInstanceOf(UnansweredException.class)
          .hasMessageContaining("no host");
    }
  }

  @Test
  void aCallBehindItsEndIsUnanswered() {
    int port = listen("127.0.0.1", new HttpServerOptions()).actualPort();
    var transport = transport(new HttpClientOptions());
    transport.close();
    assertThat(sent(transport, "http://127.0.0.1:" + port, true).cause())
        .isInstanceOf(UnansweredException.class);
    assertThat(seen).isEmpty();
  }
}
