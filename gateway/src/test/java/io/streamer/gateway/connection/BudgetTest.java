package io.streamer.gateway.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.connection.SocketSession.Delivery;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What all connections of a task may have kept for them. */
@Timeout(60)
class BudgetTest {
  private static final long MOST = 1_500_000;
  private static final byte[] FRAME =
      "{\"type\":\"news\",\"payload\":\"%s\"}".formatted("x".repeat(100_000)).getBytes(UTF_8);

  private final Vertx vertx = Vertx.vertx();
  private final Registry registry = new Registry(MOST);
  private final Sockets sockets = Sockets.of(vertx, registry);

  private final List<Sockets.Client> clients = new ArrayList<>();

  @AfterEach
  void stop() {
    // who does not read never sees the goodbye
    clients.forEach(Sockets.Client::resume);
    vertx.close().await();
  }

  @Test
  void whoIsBeingClosedCountsUntilItIsGoneAndIsCutOffForTheOthers() {
    var first = stuck();
    var kept = first.line().kept();
    assertThat(kept).isGreaterThan(MOST / 2);
    first.close(CloseCode.RESTART);
    settle(first);
    assertThat(first.line().kept()).as("its frames are still there").isGreaterThanOrEqualTo(kept);

    var second = stuck();
    // both together have too much: the first had its goodbye
    settle(first);
    assertThat(first.line().channel().isActive()).as("it has gone for them").isFalse();
    assertThat(registry.find(second.id())).as("the other one stays").isPresent();
    assertThat(first.line().kept()).isZero();
  }

  /** A session whose client reads nothing, with most of what one may have kept for it. */
  private SocketSession stuck() {
    var client = sockets.open();
    clients.add(client);
    client.pause();
    var session = client.session();
    while (session.line().kept() < 900_000) {
      var delivery = session.deliver(FRAME).timeout(20, TimeUnit.SECONDS).await();
      assertThat(delivery).isEqualTo(Delivery.DELIVERED);
    }
    return session;
  }

  private static void settle(SocketSession session) {
    // once through its event loop and back
    session.context().<Void>executeBlocking(() -> null).await();
  }
}
