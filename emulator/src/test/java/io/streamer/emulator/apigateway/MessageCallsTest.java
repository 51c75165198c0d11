package io.streamer.emulator.apigateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.apigateway.Backend.Answer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a client's messages. */
class MessageCallsTest {
  @Test
  void aMessageIsPostedAsItIsAndWithoutTheHandshake() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      open.socket().text(" {\"not\":  \"touched\"} ä\n");
      var seen = edge.backend.next();
      assertThat(seen.method()).isEqualTo("POST");
      assertThat(seen.uri()).hasToString("/apigateway/message");
      assertThat(seen.body()).isEqualTo(" {\"not\":  \"touched\"} ä\n");
      assertThat(seen.header("User-Agent")).isEqualTo("AmazonAPIGateway_local0api1");
      assertThat(seen.header("connectionId")).isEqualTo(open.id());
      assertThat(seen.header("requestId")).matches("[A-Za-z0-9_-]{15}=");
      assertThat(seen.header("eventType")).isEqualTo("MESSAGE");
      assertThat(seen.headers())
          .doesNotContainKeys("Origin", "Cookie", "Sec-websocket-key", "Content-type");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 202, 404})
  void theBackendsBodyIsTheAnswerWhateverItsStatusBelow500(int status) throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      edge.backend.behave(seen -> Answer.of(status, "re: " + seen.body()));
      open.socket().text("ä");
      assertThat(open.socket().read()).isEqualTo("re: ä");
    }
  }

  @Test
  void anEmptyBodyIsAnEmptyMessage() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      edge.backend.behave(seen -> Answer.of(200, seen.body().equals("quiet") ? "" : "loud"));
      open.socket().text("quiet");
      assertThat(open.socket().read()).isEmpty();
      open.socket().text("speak");
      assertThat(open.socket().read()).isEqualTo("loud");
    }
  }

  @Test
  void aFailingBackendIsAnErrorFrameAndTheSocketStaysOpen() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      edge.backend.behave(_ -> Answer.of(503, "not for clients"));
      open.socket().text("a");
      var requestId = edge.backend.next().header("requestId");
      assertThat(open.socket().read())
          .isEqualTo(
              "{\"message\": \"Internal server error\", \"connectionId\":\"%s\", \"requestId\":\"%s\"}"
                  .formatted(open.id(), requestId));

      edge.gateway.backends().remove(edge.backend.uri());
      open.socket().text("b");
      assertThat(message(open.socket().read())).isEqualTo("Internal server error");

      edge.gateway.backends().add(edge.backend.uri());
      edge.backend.behave(_ -> Answer.of(200, "again"));
      open.socket().text("c");
      assertThat(open.socket().read()).isEqualTo("again");
    }
  }

  @Test
  void anAnswerThatIsLongerThanAMessageIsAFailure() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      edge.backend.behave(_ -> Answer.of(200, "x".repeat(131_073)));
      open.socket().text("a");
      assertThat(message(open.socket().read())).isEqualTo("Internal server error");
    }
  }

  @Test
  void aBackendThatTakes29SecondsIsAnErrorFrameAndItsLateAnswerIsLost() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      var late = new CountDownLatch(1);
      edge.backend.behave(seen -> {
        if (seen.body().equals("slow")) {
          late.await();
        }
        return Answer.of(200, "answer to " + seen.body());
      });
      open.socket().text("slow");
      var requestId = edge.backend.next().header("requestId");
      edge.clock.advance(Duration.ofSeconds(29));
      assertThat(open.socket().read())
          .isEqualTo(
              "{\"message\": \"Endpoint request timed out\", \"connectionId\":\"%s\", \"requestId\":\"%s\"}"
                  .formatted(open.id(), requestId));
      late.countDown();
      open.socket().text("quick");
      assertThat(open.socket().read()).isEqualTo("answer to quick");
    }
  }

  @Test
  void aLaterMessageMayOvertakeAnEarlierOne() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      var second = new CountDownLatch(1);
      edge.backend.behave(seen -> {
        if (seen.body().equals("first")) {
          second.await();
        }
        return Answer.of(200, "answer to " + seen.body());
      });
      open.socket().text("first");
      edge.backend.next();
      open.socket().text("second");
      assertThat(open.socket().read()).isEqualTo("answer to second");
      second.countDown();
      assertThat(open.socket().read()).isEqualTo("answer to first");
    }
  }

  @Test
  void aMessageBeyondTheAccountsRateIsAnErrorFrame() throws Exception {
    var rates = new Limits.Rates(1, 2, 10);
    try (var edge = Emulated.limited(new Limits(Limits.Sizes.AWS, Limits.Times.AWS, rates));
        var open = edge.open()) {
      edge.backend.behave(_ -> Answer.of(200, "served"));
      open.socket().text("within");
      assertThat(open.socket().read()).isEqualTo("served");
      open.socket().text("beyond");
      assertThat(message(open.socket().read())).isEqualTo("Too Many Requests");
      edge.clock.advance(Duration.ofSeconds(1));
      open.socket().text("later");
      assertThat(open.socket().read()).isEqualTo("served");
    }
  }

  @Test
  void anOrdinaryClientSendsFragmentsAndReadsThem() throws Exception {
    try (var edge = Emulated.start();
        var client = HttpClient.newHttpClient()) {
      edge.backend.behave(seen -> Answer.of(200, seen.body()));
      var answer = new CompletableFuture<String>();
      var socket =
          client
              .newWebSocketBuilder()
              .buildAsync(edge.gateway.socketUri(), new Collecting(answer))
              .get(20, SECONDS);
      // the JDK's client splits it into frames of 16 KB
      var text = "€".repeat(40_000);
      socket.sendText(text, true).get(20, SECONDS);
      assertThat(answer.get(20, SECONDS)).isEqualTo(text);
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").get(20, SECONDS);
    }
  }

  @Test
  void aLongAnswerIsSplitIntoFramesOf32KilobytesAtCharacters() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      var text = "x" + "€".repeat(20_000);
      edge.backend.behave(_ -> Answer.of(200, text));
      open.socket().text("a");
      var frames = open.socket().message();
      assertThat(frames)
          .hasSize(2)
          .allSatisfy(frame -> assertThat(frame.length()).isLessThanOrEqualTo(32 * 1024));
      assertThat(List.of(frames.getFirst().opcode(), frames.getLast().opcode()))
          .containsExactly(RawSocket.TEXT, RawSocket.CONTINUATION);
      assertThat(frames.getFirst().text() + frames.getLast().text()).isEqualTo(text);
      assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSize(60_001);
    }
  }

  private static String message(String frame) {
    return new JsonObject(frame).getString("message");
  }

  /** Puts a message's parts together. */
  private static final class Collecting implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<String> whole;

    Collecting(CompletableFuture<String> whole) {
      this.whole = whole;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        whole.complete(text.toString());
      }
      socket.request(1);
      return null;
    }
  }
}
