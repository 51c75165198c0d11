package io.streamer.client;

import static io.streamer.client.Server.JOB;
import static io.streamer.client.Server.ack;
import static io.streamer.client.Server.attached;
import static io.streamer.client.Server.complete;
import static io.streamer.client.Server.progress;
import static io.streamer.client.Server.seq;
import static io.streamer.client.Server.welcomeWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a client comes back, and how it changes its lines. */
@Timeout(20)
class ReconnectTest {
  private final Server server = new Server();

  @ParameterizedTest
  @CsvSource({
    "1006, 500 1000 2000 4000 8000 16000 30000 30000",
    "1005, 500 1000 2000",
    "4999, 500 1000 2000",
    "1012, 1000 2000 4000 8000 16000 30000 30000",
    "1013, 2000 4000 8000 16000 30000 30000",
    "4429, 2000 4000 8000",
    "1001, 0 1000 2000",
    "4408, 0 1000",
    "4401, 0 1000"
  })
  void itComesBackAsTheCodeSays(int code, String waits) {
    server.connectedByTokens();
    endAlways(code);
    assertThat(server.waits).startsWith(numbers(waits));
  }

  @ParameterizedTest
  @CsvSource({
    "1006, 0.25, 125 250 500",
    "1012, 0.25, 250 500",
    "1013, 0.25, 1250 1750 2750",
    "1006, 0, 0 0 0",
    "1013, 0, 1000 1000 1000",
  })
  void theWaitIsDrawnFromAllOfItsRange(int code, double random, String waits) {
    server.connectedByTokens();
    server.random = random;
    // without a wait it would try for ever in no time
    server.arrived = socket -> server.loop.after(1, () -> socket.end(code, ""));
    server.last().end(code, "");
    pass(10_000);
    assertThat(server.waits).startsWith(numbers(waits));
  }

  @ParameterizedTest
  @CsvSource({"401, 0 1000 2000", "429, 2000 4000", "503, 2000 4000", "500, 500 1000 2000"})
  void itComesBackAsTheStatusOfARefusedHandshakeSays(int status, String waits) {
    server.arrived = socket -> socket.refuse(status, "");
    server.client(builder -> builder.token(() -> "T")).connect();
    pass(200_000);
    assertThat(server.waits).startsWith(numbers(waits));
  }

  /** Nothing lets it in any more. */
  private void endAlways(int code) {
    server.arrived = socket -> socket.end(code, "");
    server.last().end(code, "");
    pass(200_000);
  }

  private void pass(long millis) {
    server.loop.pass(millis);
  }

  private long lastWait() {
    return server.waits.get(server.waits.size() - 1);
  }

  private static Long[] numbers(String text) {
    return Stream.of(text.split(" ")).map(Long::valueOf).toArray(Long[]::new);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1002, 1003, 1007, 1009, 4403, 4503})
  void whereComingBackIsOfNoUseItStaysAwayAndSaysWhy(int code) {
    var client = server.connectedByTokens();
    var job = server.running(client);
    server.last().end(code, "because");
    pass(120_000);
    assertThat(client.state())
        .isEqualTo(
            new ConnectionState.Closed("because", OptionalInt.of(code), OptionalInt.empty()));
    assertThat(server.sockets).hasSize(1);
    assertThatThrownBy(job::await)
        .isInstanceOfSatisfying(
            StreamerException.class,
            e -> {
              assertThat(e.code()).isEqualTo("CONNECTION_LOST");
              assertThat(e.jobId()).contains(JOB);
              assertThat(e.mayHaveStarted()).isTrue();
            });
  }

  @Test
  void whoConnectsAgainAsSoonAsHeIsToldLosesNothingOfWhatHeAsks() throws Exception {
    var client = server.connected();
    var again = new ArrayList<Job>();
    var unused =
        client.onState(state -> {
          if (state instanceof ConnectionState.Closed) {
            again.add(client.request("echo", 1));
          }
        });
    server.last().end(4403, "forbidden");
    server.loop.settle();
    server.give(
        "{'type':'response','request_id':'%s','success':true,'data':7}"
            .formatted(again.get(0).requestId().orElseThrow()));
    assertThat(again.get(0).await().asInt()).isEqualTo(7);
  }

  @Test
  void whoLeavesWhenALostLineFailsHisRequestIsNotConnectedAgain() {
    var client = server.connected();
    var job = client.request("charge", 1);
    var other = client.request("report", 1, new RequestOptions().retry(Retry.JOB));
    var unused = job.result().whenComplete((result, e) -> client.close());
    server.loop.settle();
    server.last().end(1006, "");
    pass(60_000);
    assertThat(job.ended()).isTrue();
    assertThat(other.ended()).isTrue();
    assertThat(client.state()).isInstanceOf(ConnectionState.Closed.class);
    assertThat(server.sockets).hasSize(1);
  }

  @Test
  void aMinuteOfCalmMakesTheNextWaitAShortOneAgain() {
    server.connected();
    var open = server.arrived;
    server.arrived = socket -> socket.end(1006, "");
    server.last().end(1006, "");
    pass(500 + 1_000 + 2_000);
    server.arrived = open;
    pass(4_000);
    assertThat(server.stateNames()).endsWith("Open");
    pass(59_999);
    server.last().end(1006, "");
    server.loop.settle();
    assertThat(lastWait()).isEqualTo(8_000);
    pass(8_000);
    pass(60_000);
    server.last().end(1006, "");
    server.loop.settle();
    assertThat(lastWait()).isEqualTo(500);
  }

  @ParameterizedTest
  @ValueSource(longs = {25_000, 240_000})
  void itPingsAtEachHeartbeatAndLeavesALineThatIsSilentForTwo(long heartbeat) {
    server.greeting = server.greeting.replace("25000", String.valueOf(heartbeat));
    server.connected();
    pass(3 * heartbeat);
    assertThat(server.last().all("ping")).hasSize(3);
    server.pongs = false;
    pass(heartbeat);
    assertThat(server.sockets).hasSize(1);
    pass(heartbeat);
    assertThat(server.sockets).hasSize(2);
    assertThat(server.sockets.get(0).closedByClient).isTrue();
    assertThat(server.stateNames()).endsWith("Open");
  }

  @Test
  void anyFrameCountsAsASignOfLifeAndNotAFrameOfNoBytes() {
    server.pongs = false;
    server.running(server.connected());
    for (int beat = 1; beat < 6; beat++) {
      server.give(progress(seq(beat), beat));
      pass(25_000);
    }
    assertThat(server.sockets).hasSize(1);
    for (int beat = 1; beat < 3; beat++) {
      server.give("");
      pass(25_000);
    }
    assertThat(server.sockets).hasSize(2);
  }

  @Test
  void aLineWithoutAWelcomeIsGivenUp() {
    server.welcomes = false;
    server.connected();
    pass(14_999);
    assertThat(server.stateNames()).containsExactly("Connecting");
    pass(1);
    assertThat(server.sockets.get(0).closedByClient).isTrue();
  }

  @Test
  void atAGoawayItMakesTheNextLineAtTheMomentGivenAndDropsTheOldOneBehindTheWelcome() {
    var job = server.running(server.connected());
    var old = server.last();
    server.give("{'type':'goaway','reason':'restart','reconnect_in_ms':1500}");
    pass(1_499);
    assertThat(server.sockets).hasSize(1);
    server.welcomes = false;
    pass(1);
    assertThat(server.sockets).hasSize(2);
    assertThat(server.last().lastSeq()).isEqualTo(Map.of(JOB, 0L));
    old.give(progress(seq(1), 40));
    server.loop.settle();
    assertThat(job.progress().orElseThrow().percentage()).isEqualTo(40);
    assertThat(old.closedByClient).isFalse();
    server.last().welcome("{}");
    server.loop.settle();
    assertThat(old.closedByClient).isTrue();
    assertThat(server.stateNames()).containsExactly("Connecting", "Open", "Open");
  }

  @ParameterizedTest
  @ValueSource(longs = {100_000, 7_200_000})
  void atNineTenthsOfItsAgeItMakesTheNextLine(long age) {
    server.greeting = server.greeting.replace("7200000", String.valueOf(age));
    server.connected();
    pass(age / 10 * 9 - 1);
    assertThat(server.sockets).hasSize(1);
    pass(1);
    assertThat(server.sockets).hasSize(2);
    assertThat(server.sockets.get(0).closedByClient).isTrue();
  }

  @Test
  void anAnswerThatIsStillToComeOnTheOldLineIsWaitedForTenSecondsAtMost() throws Exception {
    var client = server.connected();
    var old = server.last();
    var quick = client.request("echo", 1);
    var slow = client.request("echo", 2);
    server.loop.settle();
    old.give("{'type':'goaway','reason':'restart','reconnect_in_ms':0}");
    server.loop.settle();
    assertThat(client.state()).isEqualTo(new ConnectionState.Open("s-2"));
    assertThat(old.closedByClient).isFalse();
    old.give(
        "{'type':'response','request_id':'%s','success':true,'data':'one'}"
            .formatted(quick.requestId().orElseThrow()));
    server.loop.settle();
    assertThat(quick.await().asText()).isEqualTo("one");
    pass(10_000);
    assertThatThrownBy(slow::await)
        .isInstanceOfSatisfying(
            StreamerException.class, e -> assertThat(e.code()).isEqualTo("CONNECTION_LOST"));
    assertThat(old.closedByClient).isTrue();
  }

  @Test
  void aJobThatIsAcknowledgedOnTheOldLineMovesToTheNewOne() throws Exception {
    var client = server.connected();
    var old = server.last();
    var job = client.request("report", Map.of());
    server.loop.settle();
    old.give("{'type':'goaway','reason':'restart','reconnect_in_ms':0}");
    server.loop.settle();
    server.welcomes = false;
    old.give(ack(job, JOB));
    server.loop.settle();
    assertThat(server.last().last("hello").path("last_seq").path(JOB).asLong(-1)).isZero();
    assertThat(old.closedByClient).isTrue();
    server.give(complete(seq(3)));
    assertThat(job.ended()).isFalse();
    server.last().welcome(welcomeWith(attached(Server.running(seq(1)))));
    server.loop.settle();
    assertThat(job.await()).isEqualTo(Server.json("{'ok':true}"));
  }

  @Test
  void whileTheNextLineCannotBeHadTheOldOneGoesOnAndBehindAGoawayItsMomentCounts()
      throws Exception {
    var client = server.connected();
    var old = server.last();
    var open = server.arrived;
    server.arrived = socket -> socket.refuse(403, "");
    server.give("{'type':'goaway','reason':'restart','reconnect_in_ms':100}");
    pass(1_000);
    assertThat(client.state()).isInstanceOf(ConnectionState.Open.class);
    var job = client.request("echo", 1);
    server.loop.settle();
    old.give(
        "{'type':'response','request_id':'%s','success':true,'data':1}"
            .formatted(job.requestId().orElseThrow()));
    server.loop.settle();
    assertThat(job.await().asInt()).isEqualTo(1);
    server.arrived = open;
    pass(30_000);
    assertThat(client.state()).isEqualTo(new ConnectionState.Open("s-" + server.sockets.size()));
    server.give("{'type':'goaway','reason':'restart','reconnect_in_ms':3000}");
    pass(1_000);
    server.last().end(1012, "");
    server.loop.settle();
    assertThat(lastWait()).isEqualTo(2_000);
  }

  @Test
  void aClientThatWasLeftKeepsNoTimers() {
    var client = server.connectedByTokens();
    server.running(client);
    client.close();
    server.loop.settle();
    assertThat(server.loop.waiting()).isZero();
    pass(1_000_000);
    assertThat(server.sockets).hasSize(1);
    client.connect();
    server.loop.settle();
    assertThat(server.stateNames()).endsWith("Closed", "Connecting", "Open");
  }
}
