package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.gateway.Gateway;
import io.streamer.gateway.GatewaySettings;
import io.streamer.handler.HandlerModule;
import io.streamer.local.stage.Stage;
import io.streamer.local.token.DevKey;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.directory.ConnectionRow;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.settings.Environment;
import io.streamer.testtools.Until;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The door behind API Gateway: two gateways with one store and one worker, and where API Gateway
 * would be, calls to their integrations and an {@code @connections} address.
 */
@Timeout(60)
class ApiGatewayDoorTest {
  private static final String SECRET = "integration-secret";
  private static final String NEXT_SECRET = "next-integration-secret";

  private static Map<String, String> door;
  private static PushTarget api;
  private static Stage stage;
  private static Vertx vertx;
  private static Gateway second;

  private final ApiCaller one = new ApiCaller(stage.gateway().port(), SECRET, "main");
  private final ApiCaller other =
      new ApiCaller(second.integrationPort().orElseThrow(), SECRET, "main");
  private final String connection = UUID.randomUUID().toString().substring(0, 14) + "=";

  @BeforeAll
  static void start() throws Exception {
    api = new PushTarget();
    door =
        Map.of(
            "STREAMER_INTEGRATION_SECRET",
            SECRET + "," + NEXT_SECRET,
            "STREAMER_API_ENDPOINTS",
            "main=http://" + api.address(),
            "STREAMER_SYNC_THRESHOLD",
            "2s",
            "STREAMER_DEMO",
            "true");
    stage = LocalStage.start(door);
    vertx = Vertx.vertx();
    second = gateway(vertx, door, stage.dynamo());
  }

  /** Another gateway for the same connections and jobs; its Vert.x has no other. */
  private static Gateway gateway(Vertx vertx, Map<String, String> door, URI dynamo) {
    return gateway(vertx, door, dynamo, InstantSource.system());
  }

  private static Gateway gateway(
      Vertx vertx, Map<String, String> door, URI dynamo, InstantSource clock) {
    var settings = new HashMap<>(door);
    settings.putAll(
        Map.ofEntries(
            Map.entry("STREAMER_HOST", "127.0.0.1"),
            Map.entry("STREAMER_PORT", "0"),
            Map.entry("STREAMER_INTEGRATION_PORT", "0"),
            Map.entry("STREAMER_INTERNAL_HOST", "127.0.0.1"),
            Map.entry("STREAMER_INTERNAL_PORT", "0"),
            Map.entry("STREAMER_INTERNAL_SECRET", "inside"),
            Map.entry("STREAMER_TABLE_PREFIX", stage.tablePrefix()),
            Map.entry(
                "STREAMER_TOKEN_KEYS", LocalStage.home().resolve(".streamer/jwks.json").toString()),
            Map.entry("STREAMER_TOKEN_ISSUER", DevKey.ISSUER),
            Map.entry("STREAMER_TOKEN_AUDIENCE", DevKey.AUDIENCE),
            Map.entry("AWS_ENDPOINT_URL_DYNAMODB", dynamo.toString()),
            Map.entry("AWS_REGION", "us-east-1"),
            Map.entry("AWS_ACCESS_KEY_ID", "local"),
            Map.entry("AWS_SECRET_ACCESS_KEY", "local")));
    var environment = new Environment(settings);
    var catalogue = Catalogue.of(ServiceLoader.load(HandlerModule.class), environment);
    return await(
        Gateway.start(
            vertx,
            GatewaySettings.read(environment),
            catalogue,
            ApiGatewayDoorTest.class.getClassLoader(),
            Gateway.Hooks.NONE.clock(clock)));
  }

  @AfterAll
  static void stop() {
    await(second.stop().compose(_ -> vertx.close()));
    stage.close();
    api.close();
  }

  @AfterEach
  void isIdleAgain() {
    api.answer(200);
    api.all();
  }

  @Test
  void aPortOfTheirOwnTakesTheIntegrationsFromTheDirectDoors() {
    var mapped = new ApiCaller(second.port(), SECRET, "main");
    assertThat(mapped.connect(connection, bearer(Tokens.fresh())).statusCode()).isEqualTo(404);
    assertThat(mapped.send(connection, "{}").join().statusCode()).isEqualTo(404);
    assertThat(mapped.disconnect(connection).statusCode()).isEqualTo(404);
    assertThat(other.connect(connection, bearer(Tokens.fresh())).statusCode()).isEqualTo(200);
    assertThat(other.disconnect(connection).statusCode()).isEqualTo(200);
  }

  @Test
  void aTaskThatStopsHasTheCallsConnectionsClosed() throws Exception {
    var own = Vertx.vertx();
    try {
      var third = gateway(own, door, stage.dynamo());
      var caller = new ApiCaller(third.integrationPort().orElseThrow(), SECRET, "main");
      open(connection, Tokens.fresh());
      assertThat(caller.send(connection, ping("r-1")).join().headers().map())
          .doesNotContainKey("connection");
      Future<Void> stopped;
      var door = URI.create("ws://127.0.0.1:" + third.port() + "/ws");
      try (var peer = Door.DIRECT.connect(door, Tokens.fresh())) {
        peer.settle();
        stopped = third.stop();
        peer.await("goaway", frame -> frame.is("goaway"));
        var answers =
            List.of(
                caller.send(connection, ping("r-2")).join(),
                caller.connect("next-" + connection, bearer(Tokens.fresh())),
                caller.disconnect("next-" + connection));
        assertThat(answers)
            .allSatisfy(answer -> {
              assertThat(answer.statusCode()).isEqualTo(200);
              assertThat(answer.headers().firstValue("connection")).contains("close");
            });
      }
      await(stopped);
    } finally {
      await(own.close());
    }
  }

  @Test
  void thePortOfTheIntegrationsServesHealthAndNoSockets() throws Exception {
    var own = second.integrationPort().orElseThrow();
    for (var page : List.of("/health", "/ready")) {
      assertThat(status(own, page)).as(page).startsWith("HTTP/1.1 200 ");
    }
    for (var page : List.of("/", "/.well-known/jwks.json", "/ws?token=" + Tokens.fresh())) {
      assertThat(status(own, page)).as(page).startsWith("HTTP/1.1 404 ");
    }
  }

  /** The first line of the answer to a handshake. */
  private static String status(int port, String target) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var handshake =
          "GET "
              + target
              + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
      socket.getOutputStream().write(handshake.getBytes(UTF_8));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
    }
  }

  @Test
  void aTokenIsTakenFromEachOfItsPlaces() {
    var token = Tokens.fresh();
    assertThat(one.connect("header=", bearer(token)).statusCode()).isEqualTo(200);
    assertThat(one.connect("offer=", Map.of("Sec-WebSocket-Protocol", offer(token))).statusCode())
        .isEqualTo(200);
    assertThat(query("query-1=", Map.of("Authorization", "Bearer " + token), "")).isEqualTo(200);
    assertThat(query("query-2=", Map.of("Authorization", "Bearer%20" + token), "")).isEqualTo(200);
    assertThat(query("query-3=", Map.of("token", token), "")).isEqualTo(200);
    assertThat(query("query-4=", Map.of(), "?Authorization=Bearer+" + token)).isEqualTo(200);
    assertThat(query("query-5=", Map.of(), "?x=1&token=" + token)).isEqualTo(200);
  }

  @Test
  void theSubprotocolDecidesBeforeTheHeaderAndTheQuery() {
    var spoilt = Map.of("Sec-WebSocket-Protocol", offer("no.token.here"));
    var headers = new HashMap<>(bearer(Tokens.fresh()));
    headers.putAll(spoilt);
    assertThat(one.connect(connection, headers).statusCode()).isEqualTo(401);
  }

  @Test
  void ourSubprotocolIsSelectedWhereItIsOffered() {
    var token = Tokens.fresh();
    var offered = one.connect(connection, Map.of("Sec-WebSocket-Protocol", offer(token)));
    assertThat(offered.headers().allValues("Sec-WebSocket-Protocol"))
        .containsExactly("streamer.v1");
    var none = one.connect(connection, bearer(token));
    assertThat(none.headers().allValues("Sec-WebSocket-Protocol")).isEmpty();
  }

  @Test
  void aBadTokenIsRefusedAsAtTheDirectDoor() {
    var expired = Tokens.claims();
    expired.put("exp", Instant.now().getEpochSecond() - 120);
    var foreign = Tokens.claims();
    foreign.put("iss", "somebody-else");
    var parts = Tokens.parts();
    for (var token :
        List.of(
            "",
            "nonsense",
            parts[0] + "." + parts[1] + "." + parts[1],
            Tokens.signed(expired),
            Tokens.signed(foreign))) {
      Map<String, String> headers = token.isEmpty() ? Map.of() : bearer(token);
      var direct =
          (Peer.Handshake.Refused)
              Peer.knock(
                  Door.DIRECT,
                  stage.direct(),
                  builder -> {
                    headers.forEach(builder::header);
                    return builder;
                  });
      var refused = one.connect(connection, headers);
      assertThat(refused.statusCode()).isEqualTo(direct.status()).isEqualTo(401);
      assertThat(refused.body()).isEmpty();
    }
    assertThat(row(connection)).isEmpty();
  }

  @Test
  void anOddConnectionIdOrAnUnknownApiIsRefused() {
    var token = bearer(Tokens.fresh());
    assertThat(one.connect("x".repeat(129), token).statusCode()).isEqualTo(400);
    assertThat(one.connect("a/b", token).statusCode()).isEqualTo(400);
    var stranger = new ApiCaller(stage.gateway().port(), SECRET, "another");
    assertThat(stranger.connect(connection, token).statusCode()).isEqualTo(400);
  }

  @Test
  void onlyWhoKnowsOneOfTheSecretsIsHeard() {
    var token = bearer(Tokens.fresh());
    int port = stage.gateway().port();
    for (var wrong : List.of("wrong", SECRET + "x", SECRET.substring(1))) {
      var stranger = new ApiCaller(port, wrong, "main");
      var answers =
          List.of(
              stranger.connect(connection, token),
              stranger.send(connection, "{}").join(),
              stranger.disconnect(connection));
      assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(403);
      assertThat(answers)
          .extracting(HttpResponse::body)
          .containsOnly("{\"error\":{\"code\":\"forbidden\",\"message\":\"forbidden\"}}");
    }
    assertThat(row(connection)).isEmpty();
    var next = new ApiCaller(port, NEXT_SECRET, "main");
    assertThat(next.connect(connection, token).statusCode()).isEqualTo(200);
    assertThat(one.ask(connection, ping("p-1")).type()).isEqualTo("pong");
  }

  @Test
  void aConnectionHasARowThatLeadsToItsApi() {
    open(connection, Tokens.of("ann", "acme", "reports:write"));
    var row = row(connection).orElseThrow();
    assertThat(row.tenant()).isEqualTo("acme");
    assertThat(row.user()).isEqualTo("ann");
    assertThat(row.permissions()).containsExactly("reports:write");
    assertThat(row.endpoint()).isEqualTo("api:main");
    assertThat(row.sourceAddress()).isEqualTo(ApiCaller.ADDRESS);
    assertThat(row.userAgent()).isEqualTo(ApiCaller.USER_AGENT);
    assertThat(row.connectedAt()).isEqualTo(1_795_000_000_000L);
    // the token ends long before the row's own time does
    assertThat(row.expiresAt()).isEqualTo(Math.ceilDiv(row.tokenExpiresAt(), 1_000));
  }

  @Test
  void aMessageIsAnsweredInTheResponse() {
    open(connection, Tokens.fresh());
    var answer = one.ask(connection, request("r-1", "echo", new JsonObject().put("a", 1)));
    assertThat(answer.type()).isEqualTo("response");
    assertThat(answer.requestId()).isEqualTo("r-1");
    assertThat(answer.data().getJsonObject("echo")).isEqualTo(new JsonObject().put("a", 1));
    assertThat(one.ask(connection, ping("p-1")).requestId()).isEqualTo("p-1");
    assertThat(one.ask(connection, "no json").code()).isEqualTo("VALIDATION_ERROR");
    assertThat(one.ask(connection, request("r-2", "nowhere", new JsonObject())).code())
        .isEqualTo("INVALID_ACTION");
    assertThat(api.all()).isEmpty();
  }

  @Test
  void aMessageWithoutAnAnswerGetsAnEmptyResponse() {
    open(connection, Tokens.fresh());
    var response = one.send(connection, "{\"type\":\"pong\"}").join();
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void aMessageUpToTheLimitIsTakenAndALongerOneIsRefused() {
    open(connection, Tokens.fresh());
    var frame = request("r-1", "echo", new JsonObject().put("text", ""));
    var fits = frame.replace("\"\"", "\"" + "x".repeat(120_000) + "\"");
    assertThat(one.ask(connection, fits).type()).isEqualTo("response");
    var spaces = " ".repeat(131_072 - frame.length());
    assertThat(one.ask(connection, frame + spaces).type()).isEqualTo("response");
    assertThat(one.ask(connection, frame + spaces + " ").code()).isEqualTo("PAYLOAD_TOO_LARGE");
    assertThat(one.ask(connection, "x".repeat(1_000_000)).code()).isEqualTo("PAYLOAD_TOO_LARGE");
  }

  @Test
  void aJobIsAcknowledgedInTheResponseAndItsFramesArePushed() throws Exception {
    open(connection, Tokens.fresh());
    var gate = UUID.randomUUID().toString();
    var payload = new JsonObject().put("gate", gate);
    var ack = one.ask(connection, request("r-1", "test.gated-job", payload));
    assertThat(ack.type()).isEqualTo("acknowledgment");
    assertThat(ack.status()).isEqualTo("queued");
    TestActions.open(gate);
    var frames = until(ack.jobId());
    assertThat(frames.getLast().getString("type")).isEqualTo("complete");
    assertThat(frames.getLast().getJsonObject("result")).isEqualTo(payload);
    assertThat(frames).extracting(frame -> frame.getLong("seq")).isSorted();
  }

  @Test
  void anyGatewayServesAConnection() throws Exception {
    open(connection, Tokens.fresh());
    var answer = other.ask(connection, request("r-1", "echo", new JsonObject()));
    assertThat(answer.type()).isEqualTo("response");
    var gate = UUID.randomUUID().toString();
    TestActions.open(gate);
    var payload = new JsonObject().put("gate", gate);
    var ack = other.ask(connection, request("r-2", "test.gated-job", payload));
    assertThat(until(ack.jobId()).getLast().getString("type")).isEqualTo("complete");
    var again = one.ask(connection, request("r-2", "test.gated-job", payload));
    assertThat(again.status()).isEqualTo("duplicate");
    assertThat(again.jobId()).isEqualTo(ack.jobId());
  }

  @Test
  void aHelloIsWelcomedInTheResponseAndAnEndedJobsEndIsPushed() throws Exception {
    var token = Tokens.fresh();
    open(connection, token);
    var gate = UUID.randomUUID().toString();
    TestActions.open(gate);
    var payload = new JsonObject().put("gate", gate);
    var ack = one.ask(connection, request("r-1", "test.gated-job", payload));
    var end = until(ack.jobId()).getLast();

    var later = "later-" + connection;
    open(later, token);
    var welcome =
        other.ask(
            later,
            new JsonObject()
                .put("type", "hello")
                .put("last_seq", new JsonObject().put(ack.jobId(), 0))
                .encode());
    assertThat(welcome.type()).isEqualTo("welcome");
    assertThat(welcome.json().getBoolean("recovered")).isTrue();
    assertThat(welcome.json().getLong("heartbeat_ms")).isEqualTo(240_000);
    assertThat(welcome.json().getLong("max_age_ms")).isEqualTo(7_200_000);
    assertThat(welcome.json().getLong("max_frame_bytes")).isEqualTo(32_768);
    var pushed = api.next();
    assertThat(pushed.connection()).isEqualTo(later);
    assertThat(pushed.json().getLong("seq")).isEqualTo(end.getLong("seq"));
    assertThat(pushed.json().getJsonObject("result")).isEqualTo(payload);
  }

  @Test
  void theDirectDoorKeepsItsOwnTerms() {
    try (var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      var welcome = peer.send(new JsonObject().put("type", "hello")).next();
      assertThat(welcome.json().getLong("heartbeat_ms")).isEqualTo(25_000);
      assertThat(welcome.json().getLong("max_age_ms")).isEqualTo(7_200_000);
      // a frame may hold a whole message
      assertThat(welcome.json().containsKey("max_frame_bytes")).isFalse();
    }
  }

  @Test
  void anOverrunIsAcknowledgedInTheResponseAndItsFramesArePushedInOrder() throws Exception {
    open(connection, Tokens.fresh());
    var gate = UUID.randomUUID().toString();
    var payload = new JsonObject().put("gate", gate);
    var ack = one.ask(connection, request("r-1", "test.gated", payload));
    assertThat(ack.type()).isEqualTo("acknowledgment");
    assertThat(ack.status()).isEqualTo("running");
    assertThat(stage.gateway().idle()).isFalse();
    TestActions.open(gate);
    var frames = until(ack.jobId());
    assertThat(frames.getLast().getJsonObject("result")).isEqualTo(payload);
    assertThat(frames).extracting(frame -> frame.getLong("seq")).isSorted();
  }

  @Test
  void manyMessagesOfAConnectionInAnyOrderAreEachAnsweredOnce() {
    open(connection, Tokens.fresh());
    var numbers = new ArrayList<>(IntStream.range(0, 10_000).boxed().toList());
    Collections.shuffle(numbers, new Random(7));
    var underWay = new Semaphore(200);
    var answers =
        numbers.stream()
            .map(number -> {
              var caller = number % 2 == 0 ? one : other;
              underWay.acquireUninterruptibly();
              return caller
                  .send(
                      connection,
                      request("r-" + number, "echo", new JsonObject().put("number", number)))
                  .whenComplete((_, _) -> underWay.release());
            })
            .toList();
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
    for (int i = 0; i < numbers.size(); i++) {
      var frame = Frame.of(answers.get(i).join().body());
      assertThat(frame.type()).isEqualTo("response");
      assertThat(frame.requestId()).isEqualTo("r-" + numbers.get(i));
      assertThat(frame.data().getJsonObject("echo").getInteger("number")).isEqualTo(numbers.get(i));
    }
    assertThat(api.all()).isEmpty();
  }

  @Test
  void anUnknownConnectionIsToldSoAndClosed() throws Exception {
    var answer = one.ask(connection, request("r-1", "echo", new JsonObject()));
    assertThat(answer.code()).isEqualTo("UNAUTHORIZED");
    assertThat(answer.requestId()).isEqualTo("r-1");
    api.awaitClosed(connection);
    assertThat(one.ask("a/b", ping("p-1")).code()).isEqualTo("UNAUTHORIZED");
  }

  @Test
  void aConnectionOfTheDirectDoorIsNoneOfThis() throws Exception {
    try (var peer = Door.DIRECT.connect(stage, Tokens.fresh())) {
      var session = peer.send(new JsonObject().put("type", "hello")).next().json();
      var id = session.getString("session");
      assertThat(one.ask(id, ping("p-1")).code()).isEqualTo("UNAUTHORIZED");
      api.awaitClosed(id);
      peer.settle();
    }
  }

  @Test
  void aTokenThatHasExpiredEndsItsConnection() throws Exception {
    open(connection, Tokens.fresh());
    try (var dynamo = LocalAws.dynamo(stage.dynamo())) {
      dynamo.updateItem(update ->
          update
              .tableName(stage.tablePrefix() + "-connections")
              .key(Map.of("connectionId", AttributeValue.fromS(connection)))
              .updateExpression("SET tokenExpiresAt = :past")
              .expressionAttributeValues(
                  Map.of(":past", AttributeValue.fromN("" + (System.currentTimeMillis() - 1)))));
    }
    // where the connection was opened it is still remembered
    var answer = other.ask(connection, request("r-1", "echo", new JsonObject()));
    assertThat(answer.code()).isEqualTo("UNAUTHORIZED");
    api.awaitClosed(connection);
  }

  @Test
  void aDisconnectMayComeLateAndTwice() {
    assertThat(one.disconnect("never-" + connection).statusCode()).isEqualTo(200);
    open(connection, Tokens.fresh());
    assertThat(one.ask(connection, ping("p-1")).type()).isEqualTo("pong");
    assertThat(one.disconnect(connection).statusCode()).isEqualTo(200);
    assertThat(other.disconnect(connection).statusCode()).isEqualTo(200);
    assertThat(row(connection)).isEmpty();
    assertThat(one.ask(connection, ping("p-2")).code()).isEqualTo("UNAUTHORIZED");
    assertThat(one.disconnect("a/b").statusCode()).isEqualTo(200);
  }

  @Test
  void sendingToAConnectionThatIsGoneRemovesItsRow() throws Exception {
    open(connection, Tokens.fresh());
    var connections = second.connections();
    var text = "{\"hello\":1}".getBytes(UTF_8);
    assertThat(await(connections.send(connection, text))).isInstanceOf(Pushed.Delivered.class);
    assertThat(api.next().connection()).isEqualTo(connection);
    api.answer(500);
    assertThat(await(connections.send(connection, text))).isInstanceOf(Pushed.Failed.class);
    assertThat(row(connection)).isPresent();
    api.answer(410);
    assertThat(await(connections.send(connection, text))).isInstanceOf(Pushed.Gone.class);
    assertThat(row(connection)).isEmpty();
  }

  @Test
  void whileTheStoreIsAwayNoConnectionOpensAndWhatIsRememberedIsServed() throws Exception {
    var own = Vertx.vertx();
    try (var cable = new Cable(stage.dynamo())) {
      var third = gateway(own, door, cable.uri());
      var caller = new ApiCaller(third.integrationPort().orElseThrow(), SECRET, "main");
      var token = Tokens.fresh();
      open(connection, token);
      var known = "known-" + connection;
      assertThat(caller.connect(known, bearer(token)).statusCode()).isEqualTo(200);
      cable.cut();
      var refused = caller.connect("new-" + connection, bearer(token));
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).isEmpty();
      var echo = request("r-1", "echo", new JsonObject());
      assertThat(caller.ask(connection, echo).code()).isEqualTo("SERVICE_UNAVAILABLE");
      assertThat(caller.ask(known, echo).type()).isEqualTo("response");
      var job = request("r-2", "test.gated-job", new JsonObject().put("gate", "none"));
      assertThat(caller.ask(known, job).code()).isEqualTo("SERVICE_UNAVAILABLE");
      assertThat(caller.disconnect(known).statusCode()).isEqualTo(200);
      await(third.stop());
    } finally {
      await(own.close());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ping", "request"})
  void aMessageMovesTheTimeAtWhichItsConnectionWasSeen(String kind) throws Exception {
    var own = Vertx.vertx();
    try {
      // a quarter of an hour apart at most
      var later = Duration.ofMinutes(20);
      var third = gateway(own, door, stage.dynamo(), () -> Instant.now().plus(later));
      open(connection, Tokens.fresh());
      var before = row(connection).orElseThrow();
      var caller = new ApiCaller(third.integrationPort().orElseThrow(), SECRET, "main");
      caller.ask(
          connection, kind.equals("ping") ? ping("r-1") : request("r-1", "echo", new JsonObject()));
      var after =
          Until.matches(
              "it was seen",
              () -> row(connection).orElseThrow(),
              seen -> seen.lastSeenAt() > before.lastSeenAt());
      assertThat(after.lastSeenAt())
          .isGreaterThanOrEqualTo(before.lastSeenAt() + later.toMillis() / 2);
      assertThat(after.expiresAt()).isGreaterThan(before.connectedAt() / 1_000);
      await(third.stop());
    } finally {
      await(own.close());
    }
  }

  @Test
  void theHandshakesOwnHeadersDoNotMakeTheCallASocket() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), stage.gateway().port())) {
      var call =
          "POST /live/apigateway/connect HTTP/1.1\r\nHost: gateway\r\nContent-Length: 0\r\n"
              + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
              + "Sec-WebSocket-Protocol: "
              + offer(Tokens.fresh())
              + "\r\nX-Streamer-Integration: "
              + SECRET
              + "\r\nX-Streamer-Api: main\r\nX-Streamer-Connection: "
              + connection
              + "\r\n\r\n";
      socket.getOutputStream().write(call.getBytes(UTF_8));
      var lines = new String(socket.getInputStream().readNBytes("HTTP/1.1 200 OK".length()), UTF_8);
      assertThat(lines).isEqualTo("HTTP/1.1 200 OK");
    }
    assertThat(row(connection)).isPresent();
  }

  @Test
  void theRoutesExistOnlyWhereTheyAreSet() {
    var none = Map.of("STREAMER_INTEGRATION_SECRET", "", "STREAMER_API_ENDPOINTS", "");
    try (var closed = LocalStage.start(none)) {
      var caller = new ApiCaller(closed.gateway().port(), SECRET, "main");
      assertThat(caller.connect(connection, bearer(Tokens.fresh())).statusCode()).isEqualTo(404);
    }
  }

  private void open(String id, String token) {
    assertThat(one.connect(id, bearer(token)).statusCode()).isEqualTo(200);
  }

  private int query(String id, Map<String, String> mapped, String forwarded) {
    return one.connect(id, Map.of(), mapped, forwarded).statusCode();
  }

  /** The job's frames that were pushed, up to the one that ends it. */
  private List<JsonObject> until(String jobId) throws InterruptedException {
    var frames = new ArrayList<JsonObject>();
    while (frames.isEmpty() || !Frame.of(frames.getLast().encode()).isTerminal()) {
      var pushed = api.next();
      if (jobId.equals(pushed.json().getString("job_id"))) {
        assertThat(pushed.connection()).isEqualTo(connection);
        frames.add(pushed.json());
      }
    }
    return frames;
  }

  private static Optional<ConnectionRow> row(String id) {
    return await(stage.gateway().connections().get(id));
  }

  private static Map<String, String> bearer(String token) {
    return Map.of("Authorization", "Bearer " + token);
  }

  private static String offer(String token) {
    return "streamer.v1, bearer." + Base64.getUrlEncoder().encodeToString(token.getBytes(UTF_8));
  }

  private static String ping(String id) {
    return new JsonObject().put("type", "ping").put("id", id).encode();
  }

  private static String request(String id, String action, JsonObject payload) {
    return new JsonObject().put("id", id).put("action", action).put("payload", payload).encode();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
