package io.streamer.emulator.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.testtools.Until;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** A function in another process, as the endpoint's callers and that process see it. */
@Timeout(60)
class RuntimeApiTest {
  private static final String NEXT = "invocation/next";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient process =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private LambdaEndpoint endpoint;
  private RuntimeApi api;
  private LambdaClient caller;

  @BeforeEach
  void start() {
    endpoint = LambdaEndpoint.start(vertx).await();
    api = RuntimeApi.start(vertx, "127.0.0.1", 0).await();
    endpoint.register("elsewhere", api);
    caller = LocalAws.lambda(endpoint.uri());
  }

  @AfterEach
  void stop() {
    caller.close();
    process.close();
    vertx.close().await();
  }

  @Test
  void anEventThatWaitsIsHandedOutAndItsAnswerReturned() throws Exception {
    var answer = invoke("{\"n\":1}");

    var next = get(NEXT);
    assertThat(next.body()).isEqualTo("{\"n\":1}");
    assertThat(header(next, "Invoked-Function-Arn")).isEqualTo(LocalAws.functionArn("elsewhere"));
    assertThat(Long.parseLong(header(next, "Deadline-Ms"))).isPositive();
    assertThat(post("invocation/" + id(next) + "/response", "{\"m\":2}")).isEqualTo(202);

    assertThat(answer.join().functionError()).isNull();
    assertThat(answer.join().payload().asUtf8String()).isEqualTo("{\"m\":2}");
  }

  @Test
  void aProcessThatWaitsGetsTheNextEvent() throws Exception {
    var next = process.sendAsync(request(NEXT).build(), HttpResponse.BodyHandlers.ofString());
    var answer = invoke("{}");

    assertThat(post("invocation/" + id(next.join()) + "/response", "[]")).isEqualTo(202);
    assertThat(answer.join().payload().asUtf8String()).isEqualTo("[]");
  }

  @Test
  void aReportedErrorReachesTheCallerAsItIs() throws Exception {
    var answer = invoke("{}");
    var error = "{\"errorMessage\":\"no\",\"errorType\":\"Bad\",\"stackTrace\":[]}";

    assertThat(post("invocation/" + id(get(NEXT)) + "/error", error)).isEqualTo(202);

    assertThat(answer.join().functionError()).isEqualTo("Unhandled");
    assertThat(answer.join().payload().asUtf8String()).isEqualTo(error);
  }

  @Test
  void anAnswerNobodyWaitsForIsRefused() throws Exception {
    var answer = invoke("{}");
    var next = get(NEXT);
    assertThat(endpoint.kill("elsewhere")).isEqualTo(1);
    assertThat(answer.join().functionError()).isEqualTo("Unhandled");

    assertThat(post("invocation/" + id(next) + "/response", "{}")).isEqualTo(400);
  }

  @Test
  void aProcessThatGoesAwayFailsTheEventItHolds() throws Exception {
    var answer = invoke("{}");
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      socket
          .getOutputStream()
          .write(
              "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n"
                  .getBytes(UTF_8));
      assertThat(socket.getInputStream().read()).isPositive();
    }
    assertThat(answer.join().payload().asUtf8String()).contains("Runtime.ExitError");
  }

  @Test
  void aProcessThatGoesAwayWhileItWaitsIsGivenNothing() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      socket
          .getOutputStream()
          .write(
              "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n"
                  .getBytes(UTF_8));
    }
    // answered by its own rules, one connection after the other
    assertThat(get("nothing").statusCode()).isEqualTo(404);
    var answer = invoke("{\"n\":1}");
    var next = get(NEXT);
    post("invocation/" + id(next) + "/response", "{}");
    assertThat(answer.join().functionError()).isNull();
  }

  @Test
  void aProcessThatCannotBeginFailsWhatWaits() throws Exception {
    var answer = invoke("{}");
    var error = "{\"errorMessage\":\"no setting\",\"errorType\":\"Init\"}";
    Until.holds(
        "what waits is answered",
        () -> {
          assertThat(post("init/error", error)).isEqualTo(202);
          return answer.isDone();
        });
    assertThat(answer.join().payload().asUtf8String()).isEqualTo(error);
  }

  private CompletableFuture<InvokeResponse> invoke(String event) {
    // the common pool may have one thread, and the HTTP client completes its futures there
    return CompletableFuture.supplyAsync(
        () ->
            caller.invoke(r -> r.functionName("elsewhere").payload(SdkBytes.fromUtf8String(event))),
        Thread::startVirtualThread);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return process.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private int post(String path, String body) throws IOException, InterruptedException {
    var post = request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    return process.send(post, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + api.port() + "/2018-06-01/runtime/" + path));
  }

  private static String id(HttpResponse<String> next) {
    return header(next, "Aws-Request-Id");
  }

  private static String header(HttpResponse<String> next, String name) {
    return next.headers().firstValue("Lambda-Runtime-" + name).orElseThrow();
  }
}
