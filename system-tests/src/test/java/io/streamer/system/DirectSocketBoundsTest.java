package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultPlan;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.Trap;
import io.streamer.emulator.fault.When;
import io.streamer.local.stage.Stage;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.Select;

/** What one client may do on a socket of the direct door, and how it ends if it does more. */
@ExtendWith(LocalStage.class)
@Timeout(120)
class DirectSocketBoundsTest {
  private static final int TEXT = 0x1;
  private static final int LAST = 0x80;

  /** Past the stage's front door, which has buffers of its own. */
  private static URI door(Stage stage) {
    return URI.create("ws://127.0.0.1:" + stage.gateway().port() + "/ws");
  }

  @Test
  void whoNeverReadsLosesItsPlaceHoweverItsSocketIsClosed() throws IOException {
    var settings = Map.of("STREAMER_HEARTBEAT", "1s", "STREAMER_MAX_CONNECTIONS", "1");
    try (var stage = LocalStage.start(settings);
        var deaf = new RawSocket(door(stage), Tokens.of("deaf", "acme"))) {
      assertThatThrownBy(() -> new RawSocket(door(stage), Tokens.of("ann", "acme")))
          .hasMessageContaining("503");
      for (int i = 0; i < 150; i++) {
        deaf.send(echo(100_000));
      }

      Until.holds("the place is free again", () -> opens(stage, Tokens.of("ann", "acme")));
    }
  }

  @Test
  void oneUserTakesHalfOfTheSocketsAtMost() throws IOException {
    try (var stage = LocalStage.start(Map.of("STREAMER_MAX_CONNECTIONS", "5"));
        var _ = new RawSocket(door(stage), Tokens.of("greedy", "acme"))) {
      try (var _ = new RawSocket(door(stage), Tokens.of("greedy", "acme"))) {
        assertThatThrownBy(() -> new RawSocket(door(stage), Tokens.of("greedy", "acme")))
            .hasMessageContaining("429");
        assertThat(opens(stage, Tokens.of("greedy", "elsewhere"))).isTrue();
      }
      Until.holds("its place is free", () -> opens(stage, Tokens.of("greedy", "acme")));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64})
  void whoVanishesBehindManyHellosIsSilentAllTheSame(int jobs) throws IOException {
    try (var stage = LocalStage.start(Map.of("STREAMER_HEARTBEAT", "1s"));
        var socket = new RawSocket(door(stage), Tokens.fresh())) {
      stage.faults().set(FaultPlan.of(1, FaultRule.store(new Fault.Pause(Duration.ofHours(1)))));
      var hello = hello(jobs);
      // more than a megabyte, above which a socket is not read
      for (int i = 0; i < 1_100_000 / hello.length() && i < 1_000; i++) {
        socket.send(hello);
      }
      var refused = new JsonObject(socket.text());
      assertThat(refused.getString("request_id")).isEqualTo("h");
      assertThat(refused.getJsonObject("error").getString("code")).isEqualTo("RATE_LIMITED");
      assertThat(refused.getJsonObject("error").getJsonObject("details").getString("limit"))
          .isEqualTo("hello");
      assertThat(socket.closeCode()).isEqualTo(4408);
    }
  }

  private static String hello(int jobs) {
    var seen = new JsonObject();
    for (int i = 0; i < jobs; i++) {
      seen.put("a".repeat(25) + (10 + i), 0);
    }
    return new JsonObject().put("type", "hello").put("id", "h").put("last_seq", seen).encode();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x9, 0xA, TEXT})
  void tooManyFramesOfAnyKindCloseTheSocket(int opcode) throws IOException {
    try (var stage = LocalStage.start(Map.of("STREAMER_MAX_MESSAGE_RATE", "5"));
        var socket = new RawSocket(door(stage), Tokens.fresh())) {
      for (int i = 0; i < 60; i++) {
        socket.frame(LAST | opcode, "{}".getBytes(UTF_8));
      }
      assertThat(socket.closeCode()).isEqualTo(4429);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void textThatIsNotUtf8ClosesTheSocket(String name, byte[][] fragments) throws IOException {
    try (var socket = new RawSocket(door(LocalStage.stage()), Tokens.fresh())) {
      for (int i = 0; i < fragments.length; i++) {
        var last = i == fragments.length - 1 ? LAST : 0;
        socket.frame(last | (i == 0 ? TEXT : 0), fragments[i]);
      }
      assertThat(socket.closeCode()).isEqualTo(1007);
    }
  }

  static Stream<Arguments> textThatIsNotUtf8ClosesTheSocket() {
    var two = bytes("{\"action\":\"echo\",\"payload\":\"", 0xc3);
    return Stream.of(
        Arguments.of("an overlong letter", new byte[][] {bytes("{\"action\":\"", 0xc1, 0xa5)}),
        Arguments.of("an overlong zero", new byte[][] {bytes("\"", 0xc0, 0x80)}),
        Arguments.of("half of a pair", new byte[][] {bytes("\"", 0xed, 0xa0, 0x80)}),
        Arguments.of(
            "above the last character", new byte[][] {bytes("\"", 0xf4, 0x90, 0x80, 0x80)}),
        Arguments.of("a stray continuation", new byte[][] {bytes("\"", 0x80)}),
        Arguments.of("cut off at the end", new byte[][] {bytes("\"", 0xe2, 0x82)}),
        Arguments.of("not gone on with in the next fragment", new byte[][] {two, bytes("\"}")}));
  }

  @Test
  void aCharacterMayBeSplitBetweenFragments() throws IOException {
    try (var socket = new RawSocket(door(LocalStage.stage()), Tokens.fresh())) {
      socket.frame(TEXT, bytes("{\"id\":\"r\",\"action\":\"echo\",\"payload\":\"", 0xe2, 0x82));
      socket.frame(LAST, bytes("", 0xac, '"', '}'));
      assertThat(new JsonObject(socket.text()).getJsonObject("data").getString("echo"))
          .isEqualTo("€");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void whatIsNoWebSocketIsAViolation(String name, int[] bytes) throws IOException {
    try (var socket = new RawSocket(door(LocalStage.stage()), Tokens.fresh())) {
      socket.bytes(bytes("", bytes));
      assertThat(socket.closeCode()).isEqualTo(1002);
    }
  }

  static Stream<Arguments> whatIsNoWebSocketIsAViolation() {
    return Stream.of(
        Arguments.of("an opcode that is not in use", new int[] {0x83, 0x80, 0, 0, 0, 0}),
        Arguments.of("a control opcode that is not in use", new int[] {0x8b, 0x80, 0, 0, 0, 0}),
        Arguments.of("a frame without a mask", new int[] {0x81, 0x02, '{', '}'}),
        Arguments.of("a continuation of nothing", new int[] {0x80, 0x80, 0, 0, 0, 0}),
        Arguments.of(
            "a text within a text", new int[] {1, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0}),
        Arguments.of("a ping in parts", new int[] {0x09, 0x80, 0, 0, 0, 0}),
        Arguments.of("a long ping", new int[] {0x89, 0xfe, 0, 126, 0, 0, 0, 0}),
        Arguments.of("a reserved bit", new int[] {0xc1, 0x80, 0, 0, 0, 0}),
        Arguments.of(
            "a close code that may not be sent", new int[] {0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed}));
  }

  @Test
  void nothingIsBegunForAConnectionThatIsBeingClosed() throws Exception {
    var stage = LocalStage.stage();
    var gate = UUID.randomUUID().toString();
    try (var socket = new RawSocket(door(stage), Tokens.fresh())) {
      var connection = session(socket);
      assertThat(internal(stage, "DELETE", connection, secret(stage))).isEqualTo(204);
      for (int i = 0; i < 20; i++) {
        socket.send(gated(gate));
      }
      assertThat(socket.closeCode()).isEqualTo(1000);
    }
    // whoever comes later is served, and would be behind them
    try (var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      peer.request("r", "echo", new JsonObject()).answer("r");
    }
    assertThat(TestActions.runs(gate)).isZero();
  }

  @Test
  void whatOneWhoLeftHadAskedForIsNotBegun() throws Exception {
    try (var stage = LocalStage.start(Map.of())) {
      var silent =
          FaultRule.store(
              FaultRule.Requests.ANY, When.first(1), new Fault.Pause(Duration.ofMinutes(2)));
      String connection;
      try (var socket = new RawSocket(door(stage), Tokens.fresh())) {
        connection = session(socket);
        stage.faults().set(FaultPlan.of(1, silent));
        for (int i = 0; i < 200; i++) {
          socket.send(
              new JsonObject()
                  .put("type", "request")
                  .put("id", "r" + i)
                  .put("action", "echo_async")
                  .put("payload", new JsonObject())
                  .encode());
        }
        socket.send("{\"type\":\"ping\",\"id\":\"behind them\"}");
        assertThat(socket.text()).contains("pong");
      }
      Until.matches(
          "its end is known",
          () -> internal(stage, "GET", connection, secret(stage)),
          status -> status == 410);
      stage.faults().clear();
      Until.holds("all is done", stage.gateway()::idle);
      // a few at a time had begun
      assertThat(storedJobs(stage)).isLessThanOrEqualTo(32);
      try (var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
        var job = peer.request("r", "echo_async", new JsonObject()).acknowledgment("r").jobId();
        assertThat(peer.terminal(job).type()).isEqualTo("complete");
      }
    }
  }

  @Test
  void ofAHelloFewJobsAreAskedForAtATime() throws Exception {
    try (var stage = LocalStage.start(Map.of());
        var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      var seen = new JsonObject();
      for (int i = 0; i < 40; i++) {
        // nobody runs it meanwhile
        peer.send(
            new JsonObject()
                .put("type", "request")
                .put("id", "r" + i)
                .put("action", "echo_async")
                .put("payload", new JsonObject())
                .put("options", new JsonObject().put("delay_ms", 3_600_000)));
        seen.put(peer.acknowledgment("r" + i).jobId(), 0);
      }
      var asked = new AtomicInteger();
      var underWay = new AtomicInteger();
      var most = new AtomicInteger();
      // no trap of these two is ever sprung: they see all writes to jobs
      stage
          .faults()
          .when(write -> {
            if (write.to("jobs")) {
              asked.incrementAndGet();
              most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            }
            return false;
          })
          .before()
          .then(Trap.run(() -> {}));
      stage
          .faults()
          .when(write -> {
            if (write.to("jobs")) {
              underWay.decrementAndGet();
            }
            return false;
          })
          .then(Trap.run(() -> {}));
      peer.send(new JsonObject().put("type", "hello").put("id", "h").put("last_seq", seen));
      var welcome = peer.await("welcome", frame -> frame.is("welcome"));
      assertThat(welcome.json().getBoolean("recovered")).isTrue();
      assertThat(asked).hasValue(40);
      assertThat(most.get()).isBetween(1, 8);
    }
  }

  private static int storedJobs(Stage stage) {
    return LocalAws.dynamo(stage.dynamo())
        .scan(r -> r.tableName(stage.tablePrefix() + "-jobs").select(Select.COUNT))
        .count();
  }

  @Test
  void nothingIsBegunForATokenThatHasEnded() throws Exception {
    var gate = UUID.randomUUID().toString();
    var claims = Tokens.claims();
    // the door allows clocks to differ by 60 s
    claims.put("exp", Instant.now().getEpochSecond() - 57);
    try (var socket = new RawSocket(door(LocalStage.stage()), Tokens.signed(claims))) {
      assertThat(socket.closeCode()).isEqualTo(4401);
      for (int i = 0; i < 20; i++) {
        socket.send(gated(gate));
      }
    } catch (IOException _) {
      // the gateway has cut it already
    }
    try (var peer = Door.DIRECT.connect(LocalStage.stage(), Tokens.fresh())) {
      peer.request("r", "echo", new JsonObject()).answer("r");
    }
    assertThat(TestActions.runs(gate)).isZero();
  }

  @Test
  void pongsAndPingsAreNoActivityButFramesInBothDirectionsAre() throws Exception {
    var stage = LocalStage.stage();
    try (var socket = new RawSocket(door(stage), Tokens.fresh())) {
      var connection = session(socket);
      var before = lastActiveAt(stage, connection);
      pingUntilLater(socket);
      // the clock is read anew for each answer
      assertThat(lastActiveAt(stage, connection))
          .isBetween(before.minusMillis(2), before.plusMillis(2));

      post(stage, connection, "{\"type\":\"pong\",\"timestamp\":1732152000.123}");
      var outgoing = lastActiveAt(stage, connection);
      assertThat(outgoing).isAfter(before.plusMillis(50));
      pingUntilLater(socket);

      socket.send(echo(1));
      socket.text();
      assertThat(lastActiveAt(stage, connection)).isAfter(outgoing.plusMillis(50));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "wrong", "only-for-this-stage-and-a-little-more"})
  void theInternalApiIsForThoseWhoKnowTheSecret(String secret) throws Exception {
    var stage = LocalStage.stage();
    try (var socket = new RawSocket(door(stage), Tokens.fresh())) {
      var connection = session(socket);
      for (var method : new String[] {"GET", "POST", "DELETE"}) {
        assertThat(internal(stage, method, connection, secret)).isEqualTo(403);
      }
      socket.send(echo(1));
      assertThat(socket.text()).contains("response");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%zz", "%", "%4", "a%20b", "a/b"})
  void whatIsNoConnectionIdIsABadRequest(String id) throws Exception {
    var stage = LocalStage.stage();
    assertThat(rawStatus(stage, id)).contains(" 400 ");
  }

  private static String echo(int size) {
    return new JsonObject()
        .put("action", "echo")
        .put("payload", new JsonObject().put("text", "x".repeat(size)))
        .encode();
  }

  private static String gated(String gate) {
    return new JsonObject()
        .put("action", "test.gated")
        .put("payload", new JsonObject().put("gate", gate))
        .encode();
  }

  private static boolean opens(Stage stage, String token) throws IOException {
    try (var socket = new RawSocket(door(stage), token)) {
      socket.send(echo(1));
      socket.text();
      return true;
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).startsWith("refused")) {
        throw e;
      }
      return false;
    }
  }

  /** Pings until a tenth of a second is over; each is answered before the next. */
  private static void pingUntilLater(RawSocket socket) throws IOException {
    var from = System.nanoTime();
    while (System.nanoTime() - from < 100_000_000) {
      socket.frame(LAST | 0x9, new byte[] {1});
      socket.frame(LAST | 0xA);
      socket.pong();
    }
  }

  private static String session(RawSocket socket) throws IOException {
    socket.send("{\"type\":\"hello\"}");
    return new JsonObject(socket.text()).getString("session");
  }

  private static String secret(Stage stage) {
    return stage.settings().get("STREAMER_INTERNAL_SECRET");
  }

  private static Instant lastActiveAt(Stage stage, String connection) throws Exception {
    return Instant.parse(
        new JsonObject(send(stage, "GET", connection, secret(stage), "").body())
            .getString("lastActiveAt"));
  }

  private static void post(Stage stage, String connection, String frame) throws Exception {
    assertThat(send(stage, "POST", connection, secret(stage), frame).statusCode()).isEqualTo(200);
  }

  private static int internal(Stage stage, String method, String connection, String secret)
      throws Exception {
    return send(stage, method, connection, secret, "").statusCode();
  }

  private static java.net.http.HttpResponse<String> send(
      Stage stage, String method, String connection, String secret, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + stage.gateway().internalPort()
                        + "/@connections/"
                        + connection))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!secret.isEmpty()) {
      request.header("X-Streamer-Internal", secret);
    }
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request.build(), BodyHandlers.ofString());
    }
  }

  /** No client library would send such a path. */
  private static String rawStatus(Stage stage, String id) throws IOException {
    try (var socket =
        new Socket(InetAddress.getLoopbackAddress(), stage.gateway().internalPort())) {
      var request =
          "GET /@connections/%s HTTP/1.1\r\nHost: x\r\nX-Streamer-Internal: %s\r\n\r\n"
              .formatted(id, secret(stage));
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new java.io.BufferedReader(
              new java.io.InputStreamReader(socket.getInputStream(), UTF_8))
          .readLine();
    }
  }

  private static byte[] bytes(String text, int... more) {
    var start = text.getBytes(UTF_8);
    var all = java.util.Arrays.copyOf(start, start.length + more.length);
    for (int i = 0; i < more.length; i++) {
      all[start.length + i] = (byte) more[i];
    }
    return all;
  }
}
