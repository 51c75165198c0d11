package io.streamer.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The token, the hello and the welcome. */
@Timeout(20)
class ConnectTest {
  private final Server server = new Server();

  @Test
  void itConnectsWithItsFirstRequestAndSaysHelloFirst() {
    var client = server.client(builder -> builder);
    assertThat(server.sockets).isEmpty();
    server.welcomes = false;
    var unused = client.request("echo", 1);
    server.loop.settle();
    var socket = server.last();
    assertThat(socket.url.toString()).isEqualTo("wss://api.example.com/ws");
    assertThat(socket.token).isEqualTo("T");
    assertThat(socket.sent).hasSize(1);
    assertThat(socket.lastSeq()).isEmpty();
    socket.welcome("{}");
    server.loop.settle();
    assertThat(socket.all("request")).hasSize(1);
    assertThat(server.stateNames()).containsExactly("Connecting", "Open");
  }

  @Test
  void eachLineHasATokenOfItsOwn() {
    var tokens = new ArrayDeque<>(List.of("one", "two", "three"));
    server.connected(builder -> builder.token(tokens::remove));
    server.last().end(4401, "token expired");
    server.loop.pass(500);
    server.last().end(1006, "");
    server.loop.pass(30_000);
    assertThat(server.sockets.stream().map(socket -> socket.token))
        .containsExactly("one", "two", "three");
  }

  @Test
  void aTokenThatIsRefusedIsReplacedAndAFixedOneIsNot() {
    server.arrived =
        socket -> {
          if (socket.token.equals("new")) {
            socket.accept();
          } else {
            socket.refuse(
                401,
                "{'error':{'code':'expired_token','message':'it is over'}}".replace('\'', '"'));
          }
        };
    var tokens = new ArrayDeque<>(List.of("old", "new"));
    server.connected(builder -> builder.token(tokens::remove));
    assertThat(server.stateNames()).endsWith("Open");
    var client = server.connected();
    server.loop.pass(100_000);
    assertThat(client.state())
        .isEqualTo(
            new ConnectionState.Closed(
                "refused with 401: expired_token it is over",
                OptionalInt.of(1006),
                OptionalInt.of(401)));
  }

  @Test
  void aSourceWithoutATokenIsAskedAgainLaterAndWhatItSaysIsNotTold() {
    var answers = new ArrayDeque<>(List.of("", "secret", "T"));
    server
        .client(builder ->
            builder.token(() -> {
              var next = answers.remove();
              if (!next.equals("T")) {
                throw new IllegalStateException(next);
              }
              return next;
            }))
        .connect();
    server.loop.pass(10_000);
    assertThat(server.stateNames())
        .containsExactly("Connecting", "Waiting", "Connecting", "Waiting", "Connecting", "Open");
    assertThat(String.join("", server.logged)).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret\nInjected: 1", "secret secret", "sécret", ""})
  void aTokenThatCannotStandInAHeaderGoesNowhere(String token) {
    server.connected(builder -> builder.token(() -> token));
    assertThat(server.sockets).isEmpty();
    assertThat(server.states.toString() + server.logged)
        .contains("cannot stand in a header")
        .doesNotContain("cret");
  }

  @Test
  void aLineBreakBehindATokenIsNotPartOfIt() {
    server.connected(builder -> builder.token("T\n"));
    assertThat(server.last().token).isEqualTo("T");
  }

  @Test
  void noTokenStandsInTheLog() {
    var client = server.connected(builder -> builder.token(() -> "a-token"));
    var unused = client.request("echo", "a-payload");
    server.last().end(1012, "restart");
    server.loop.pass(60_000);
    assertThat(server.logged).isNotEmpty();
    assertThat(String.join("", server.logged)).doesNotContain("a-token", "a-payload");
  }

  @Test
  void aHelloThatIsRefusedForATimeIsSaidAgainBehindIt() {
    server.welcomes = false;
    server.connectedByTokens();
    server.give(
        "{'type':'error','request_id':'hello','error':{'code':'SERVICE_UNAVAILABLE','message':'no','retryable':true,'retry_after_ms':7000}}");
    assertThat(server.stateNames()).endsWith("Waiting");
    server.loop.pass(6_999);
    assertThat(server.sockets).hasSize(1);
    server.loop.pass(1);
    assertThat(server.sockets).hasSize(2);
  }

  @Test
  void aHelloThatApiGatewayLostIsSaidAgainOnceASecondAtMost() {
    server.welcomes = false;
    server.connected();
    for (int second = 0; second < 3; second++) {
      for (int time = 0; time < 5; time++) {
        server.give("{'message':'Internal server error','requestId':'x'}");
      }
      assertThat(server.last().all("hello")).hasSize(2 + second);
      server.loop.pass(1_000);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "[]",
        "7",
        "null",
        "{'type':'from-the-future','job_id':'j'}",
        "{'type':'pong','novel':{}}",
        "{'type':7}"
      })
  void whatItDoesNotKnowIsIgnored(String text) throws Exception {
    var client = server.connected();
    server.give(text);
    var job = client.request("echo", 1);
    server.loop.settle();
    server.give(
        "{'type':'response','request_id':'%s','success':true,'data':1}"
            .formatted(job.requestId().orElseThrow()));
    assertThat(job.await().asInt()).isEqualTo(1);
    assertThat(server.sockets).hasSize(1);
  }

  @Test
  void aClientNeedsAnAddressAndAToken() {
    assertThatThrownBy(() -> StreamerClient.builder("http://x/ws"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> StreamerClient.builder("ws://x/ws").build())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatAListenerThrowsReachesNobodyElse() {
    var client = server.client(builder -> builder);
    var uncaught = Thread.currentThread().getUncaughtExceptionHandler();
    var seen = new java.util.ArrayList<Throwable>();
    Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> seen.add(e));
    try {
      var end =
          client.onState(state -> {
            throw new IllegalStateException("of the caller");
          });
      client.connect();
      server.loop.settle();
      assertThat(seen).hasSize(2);
      end.run();
      server.last().end(4403, "");
      server.loop.settle();
      assertThat(seen).hasSize(2);
      assertThat(client.state()).isInstanceOf(ConnectionState.Closed.class);
    } finally {
      Thread.currentThread().setUncaughtExceptionHandler(uncaught);
    }
  }
}
