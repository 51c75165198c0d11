package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.connection.Connections;
import io.streamer.gateway.connection.Liveness;
import io.streamer.shared.directory.ConnectionRow;
import io.streamer.shared.push.Pushed;
import io.streamer.testtools.Until;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway's own API to every connection: real sockets, real rows. */
@ExtendWith(LocalStage.class)
class ConnectionsTest {
  private static final byte[] NEWS =
      "{\"type\":\"pong\",\"request_id\":\"news\",\"timestamp\":1732152000.123}".getBytes(UTF_8);

  private final Connections connections = LocalStage.stage().gateway().connections();
  private final String tenant = "tenant-" + UUID.randomUUID();

  @Test
  void anOpenSocketHasARowThatSaysWhoseItIs() {
    long before = System.currentTimeMillis();
    try (var peer = Door.DIRECT.connect(Tokens.of("ann", tenant, "a", "b"))) {
      var row = await(connections.get(session(peer))).orElseThrow();
      assertThat(row.tenant()).isEqualTo(tenant);
      assertThat(row.user()).isEqualTo("ann");
      assertThat(row.permissions()).containsExactlyInAnyOrder("a", "b");
      assertThat(row.endpoint()).startsWith("node:");
      assertThat(row.connectedAt()).isBetween(before, System.currentTimeMillis());
      assertThat(row.sourceAddress()).isEqualTo("127.0.0.1");
      assertThat(row.expiresAt())
          .isBetween(row.connectedAt() / 1000 + 86_390, row.connectedAt() / 1000 + 86_410);
    }
  }

  @Test
  void behindALoadBalancerItHasTheClientsAddress() {
    var token = Tokens.of("ann", tenant);
    var opened =
        Door.DIRECT.knock(
            "",
            offer ->
                offer
                    .header("Authorization", "Bearer " + token)
                    .header("X-Forwarded-For", "8.8.8.8, 203.0.113.9"));
    assertThat(opened)
        .isInstanceOfSatisfying(
            Peer.Handshake.Opened.class,
            it -> {
              try (var peer = it.peer()) {
                var row = await(connections.get(session(peer))).orElseThrow();
                assertThat(row.sourceAddress()).isEqualTo("203.0.113.9");
              }
            });
  }

  @Test
  void usersAndTenantsSeeTheirOwnPageByPage() {
    var other = "other-" + tenant;
    try (var ann1 = Door.DIRECT.connect(Tokens.of("ann", tenant));
        var ann2 = Door.DIRECT.connect(Tokens.of("ann", tenant));
        var bob = Door.DIRECT.connect(Tokens.of("bob", tenant));
        var foreign = Door.DIRECT.connect(Tokens.of("ann", other))) {
      assertThat(ids(tenant)).containsExactlyInAnyOrder(session(ann1), session(ann2), session(bob));
      assertThat(ids(other)).containsExactly(session(foreign));
      var ofAnn = await(connections.byUser(tenant, "ann", 10, Optional.empty()));
      assertThat(ofAnn.items())
          .extracting(ConnectionRow::id)
          .containsExactlyInAnyOrder(session(ann1), session(ann2));
      assertThat(ofAnn.next()).isEmpty();
    }
  }

  @Test
  void aTextReachesItsConnectionAloneAndABroadcastTheTenant() {
    try (var ann = Door.DIRECT.connect(Tokens.of("ann", tenant));
        var bob = Door.DIRECT.connect(Tokens.of("bob", tenant));
        var foreign = Door.DIRECT.connect(Tokens.of("ann", "other-" + tenant))) {
      assertThat(await(connections.send(session(ann), NEWS))).isInstanceOf(Pushed.Delivered.class);
      ann.await("the news", frame -> "news".equals(frame.requestId()));
      assertThat(bob.settle().frames()).noneMatch(frame -> "news".equals(frame.requestId()));

      assertThat(await(connections.broadcast(tenant, NEWS)))
          .isEqualTo(new Connections.Broadcast(2, 0, 0));
      bob.await("the news", frame -> "news".equals(frame.requestId()));
      assertThat(foreign.settle().frames()).noneMatch(frame -> "news".equals(frame.requestId()));
    }
  }

  @Test
  void aConnectionIsActiveUntilItIsDisconnected() {
    var peer = Door.DIRECT.connect(Tokens.of("ann", tenant));
    var id = session(peer);
    assertThat(await(connections.isActive(id))).isTrue();
    assertThat(await(connections.disconnect(id))).isInstanceOf(Pushed.Delivered.class);
    assertThat(peer.closeCode()).isEqualTo(1000);
    assertThat(await(connections.isActive(id))).isFalse();
    assertThat(await(connections.send(id, NEWS))).isInstanceOf(Pushed.Gone.class);
    assertThat(await(connections.get(id))).isEmpty();
    peer.close();
  }

  @Test
  void aConnectionTellsItsStateWhicheverDoorItCameBy() {
    for (var door : Door.values()) {
      var peer = door.connect(Tokens.of("ann", tenant));
      var id = session(peer);
      assertThat(await(connections.state(id))).isEqualTo(Liveness.CONNECTED);
      await(connections.disconnect(id));
      peer.closeCode();
      peer.close();
      // the client may hear of it before the server is through
      Until.matches(
          "it is closed", () -> await(connections.state(id)), state -> state == Liveness.CLOSED);
    }
    assertThat(await(connections.state("no-such-connection"))).isEqualTo(Liveness.CLOSED);
  }

  @Test
  void whatIsUnknownIsGone() {
    assertThat(await(connections.send("no-such-connection", NEWS))).isInstanceOf(Pushed.Gone.class);
    assertThat(await(connections.isActive("no-such-connection"))).isFalse();
  }

  @Test
  void rowsThatLeadNowhereArePruned() {
    try (var store = new Store(LocalStage.stage());
        var peer = Door.DIRECT.connect(Tokens.of("ann", tenant))) {
      var id = session(peer);
      store.copyConnection(id, "left-behind");
      assertThat(ids(tenant)).containsExactlyInAnyOrder(id, "left-behind");
      assertThat(await(connections.prune(tenant))).isEqualTo(1);
      assertThat(ids(tenant)).containsExactly(id);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {99, 100, 205})
  void aBroadcastGoesOnBehindItsFirstPage(int leftBehind) {
    try (var store = new Store(LocalStage.stage());
        var oldest = Door.DIRECT.connect(Tokens.of("ann", tenant))) {
      // newer than the one that is there: it is on the last page
      store.copyConnection(session(oldest), "left-behind-", leftBehind);
      assertThat(await(connections.broadcast(tenant, NEWS)))
          .isEqualTo(new Connections.Broadcast(1, leftBehind, 0));
      oldest.await("the news", frame -> "news".equals(frame.requestId()));
      assertThat(ids(tenant)).containsExactly(session(oldest));
    }
  }

  private List<String> ids(String ofTenant) {
    var ids = new ArrayList<String>();
    var cursor = Optional.<String>empty();
    do {
      var page = await(connections.byTenant(ofTenant, 2, cursor));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(2);
      page.items().forEach(row -> ids.add(row.id()));
      cursor = page.next();
    } while (cursor.isPresent());
    return ids;
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
