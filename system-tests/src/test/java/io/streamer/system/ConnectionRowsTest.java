package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultPlan;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.FaultRule.Requests;
import io.streamer.emulator.fault.When;
import io.streamer.gateway.connection.Connections;
import io.streamer.local.stage.Stage;
import io.streamer.shared.directory.ConnectionRow;
import io.streamer.shared.job.JobId;
import io.streamer.shared.push.Pushed;
import io.streamer.testtools.Until;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows of direct sockets are written behind them, whatever the table does. */
@Timeout(120)
class ConnectionRowsTest {
  private static final byte[] NEWS =
      "{\"type\":\"pong\",\"request_id\":\"news\",\"timestamp\":1732152000.123}".getBytes(UTF_8);

  private static Stage stage;
  private static Store store;
  private static Connections connections;

  private final String tenant = "tenant-" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    stage =
        LocalStage.start(
            Map.of(
                "STREAMER_MAX_CONNECTIONS", "20",
                "STREAMER_TRUSTED_PROXIES", "127.0.0.0/8"));
    store = new Store(stage);
    connections = stage.gateway().connections();
  }

  @AfterEach
  void heal() {
    stage.faults().clear();
  }

  @AfterAll
  static void stop() {
    store.close();
    stage.close();
  }

  @ParameterizedTest
  @MethodSource
  void aSocketIsServedAndFoundBeforeTheTableTakesItsRow(Fault.OfStore fault) {
    var writes = Requests.ANY.operation("BatchWriteItem");
    stage.faults().set(FaultPlan.of(1, FaultRule.store(writes, When.ALWAYS, fault)));
    try (var ann = Door.DIRECT.connect(stage, Tokens.of("ann", tenant));
        var bob = Door.DIRECT.connect(stage, Tokens.of("bob", tenant))) {
      var id = session(ann);
      assertThat(await(connections.get(id))).map(ConnectionRow::user).contains("ann");
      assertThat(await(connections.isActive(id))).isTrue();
      assertThat(await(connections.send(id, NEWS))).isInstanceOf(Pushed.Delivered.class);
      ann.await("the news", frame -> "news".equals(frame.requestId()));
      assertThat(ids(await(connections.byTenant(tenant, 10, Optional.empty())).items()))
          .containsExactlyInAnyOrder(id, session(bob));
      assertThat(await(connections.byUser(tenant, "ann", 1, Optional.empty())).items())
          .extracting(ConnectionRow::id)
          .containsExactly(id);
      assertThat(await(connections.broadcast(tenant, NEWS)).delivered()).isEqualTo(2);

      stage.faults().clear();
      Until.holds("the row is there", () -> !store.connection(id).isEmpty());
      assertThat(ids(await(connections.byTenant(tenant, 10, Optional.empty())).items()))
          .containsExactlyInAnyOrder(id, session(bob));
    }
  }

  static Stream<Fault.OfStore> aSocketIsServedAndFoundBeforeTheTableTakesItsRow() {
    return Stream.of(new Fault.Fail(), new Fault.Throttle(), new Fault.Pause(Duration.ofHours(1)));
  }

  @Test
  void behindABalancerTheRowHasTheClientsAddress() {
    try (var peer =
        new Peer(
            Door.DIRECT,
            stage.direct(),
            handshake ->
                handshake
                    .header("Authorization", "Bearer " + Tokens.of("ann", tenant))
                    .header("X-Forwarded-For", "8.8.8.8, 203.0.113.9"))) {
      var row = await(connections.get(session(peer))).orElseThrow();
      assertThat(row.sourceAddress()).isEqualTo("203.0.113.9");
    }
  }

  @Test
  void pagesHoldThoseWithAndWithoutARow() {
    var writes = Requests.ANY.operation("BatchWriteItem");
    try (var first = Door.DIRECT.connect(stage, Tokens.of("ann", tenant))) {
      var old = session(first);
      Until.holds("the row is there", () -> !store.connection(old).isEmpty());
      stage.faults().set(FaultPlan.of(1, FaultRule.store(writes, When.ALWAYS, new Fault.Fail())));
      try (var second = Door.DIRECT.connect(stage, Tokens.of("ann", tenant));
          var third = Door.DIRECT.connect(stage, Tokens.of("ann", tenant))) {
        var newest = session(third);
        var newer = session(second);
        var page = await(connections.byTenant(tenant, 2, Optional.empty()));
        assertThat(ids(page.items())).containsExactlyInAnyOrder(newest, newer);
        var rest = await(connections.byTenant(tenant, 2, page.next()));
        assertThat(ids(rest.items())).containsExactly(old);
        assertThat(rest.next()).isEmpty();
      }
    }
  }

  @Test
  void anotherTaskFindsItOnceItHasItsRow() throws Exception {
    try (var other = GatewayProcess.start(stage);
        var socket = new RawSocket(other.direct(), Tokens.of("ann", tenant))) {
      socket.send("{\"type\":\"hello\"}");
      var id = new JsonObject(socket.text()).getString("session");
      Until.holds("it is found", () -> await(connections.get(id)).isPresent());
      assertThat(await(connections.send(id, NEWS))).isInstanceOf(Pushed.Delivered.class);
      assertThat(socket.text()).contains("news");
    }
  }

  @Test
  void handshakesComeLaterWhileTooMuchIsToBeWritten() throws IOException {
    var door = URI.create("ws://127.0.0.1:" + stage.gateway().port() + "/ws");
    stage.faults().set(FaultPlan.of(1, FaultRule.store(new Fault.Pause(Duration.ofHours(1)))));
    var hello =
        new JsonObject()
            .put("type", "hello")
            .put("last_seq", new JsonObject().put(JobId.of(tenant, "ann", "r").value(), 0))
            .encode();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1_000; i++) {
                try (var socket = new RawSocket(door, Tokens.of("user" + i, tenant))) {
                  // who had to do with no job leaves nothing behind
                  socket.send(hello);
                }
              }
            })
        .hasMessageContaining("503")
        .hasMessageContaining("Retry-After: ");
    stage.faults().clear();
    Until.holds("there is room again", () -> opens(door));
  }

  private boolean opens(URI door) throws IOException {
    try (var socket = new RawSocket(door, Tokens.of("ann", tenant))) {
      socket.send("{\"type\":\"ping\"}");
      return socket.text().contains("pong");
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).startsWith("refused")) {
        throw e;
      }
      return false;
    }
  }

  private static List<String> ids(List<ConnectionRow> rows) {
    return rows.stream().map(ConnectionRow::id).toList();
  }

  private static String session(Peer peer) {
    var id = UUID.randomUUID().toString();
    return peer.send(new JsonObject().put("type", "hello").put("id", id))
        .answer(id)
        .json()
        .getString("session");
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
