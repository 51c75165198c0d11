package io.streamer.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.store.Lanes;
import io.streamer.shared.store.ConnectionCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.store.Tables;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What heartbeats write of connections, over real sockets and by the test's time. */
@Timeout(60)
class HeartbeatsTest {
  private static final int LANES = StubTable.CONNECTIONS / 2;
  private static final Instant START = Instant.ofEpochSecond(1_732_152_000);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration BEAT = Duration.ofSeconds(25);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final InstantSource clock = now::get;
  private final Registry registry = new Registry();
  private final Context context = vertx.getOrCreateContext();
  private final Lanes lanes = new Lanes(context, LANES, HOUR);
  private final ConnectionCalls connections = new ConnectionCalls(new Tables("t"), clock);
  private StubTable table;

  @BeforeEach
  void start() throws IOException {
    table = new StubTable(vertx);
  }

  @AfterEach
  void stop() {
    table.close();
    vertx.close().await();
  }

  @Test
  void whoOnlyAnswersPingsIsWrittenOnceAnHour() {
    var directory = directory(Duration.ofHours(24));
    var session = sockets(directory).open().session();
    for (int minute = 1; minute < 60; minute++) {
      now.set(START.plus(Duration.ofMinutes(minute)));
      session.heard();
      beat(directory);
    }
    assertThat(table.answered("UpdateItem")).isEmpty();

    now.set(START.plus(HOUR));
    session.heard();
    beat(directory);
    assertThat(table.answered("UpdateItem")).hasSize(1);
    var values = table.answered("UpdateItem").getFirst().body().encode();
    assertThat(values)
        .as("the last frame, and the day after the last pong")
        .contains("\"" + START.toEpochMilli() + "\"")
        .contains("\"" + (START.getEpochSecond() + 25 * 3_600) + "\"");
  }

  @Test
  void whoIsUsedIsWrittenOnceAMinute() {
    var directory = directory(Duration.ofHours(24));
    var session = sockets(directory).open().session();
    now.set(START.plusSeconds(59));
    session.seen();
    beat(directory);
    assertThat(table.answered("UpdateItem")).isEmpty();
    now.set(START.plusSeconds(60));
    beat(directory);
    beat(directory);
    assertThat(table.answered("UpdateItem")).hasSize(1);
  }

  @Test
  void aRowIsWrittenTwiceBeforeItWouldExpire() {
    var directory = directory(Duration.ofMinutes(30));
    var session = sockets(directory).open().session();
    now.set(START.plus(Duration.ofMinutes(10)));
    session.heard();
    beat(directory);
    assertThat(table.answered("UpdateItem")).hasSize(1);
  }

  @Test
  void othersReachTheTableWhileManyAreWrittenAndEachWaitsOnce() throws Exception {
    var directory = directory(Duration.ofHours(24));
    var sockets = sockets(directory);
    var sessions = new ArrayList<SocketSession>();
    for (int i = 0; i < 3 * StubTable.CONNECTIONS; i++) {
      sessions.add(sockets.open().session());
    }
    now.set(START.plusSeconds(60));
    sessions.forEach(SocketSession::seen);
    table.hold("UpdateItem", LANES);
    allParts(directory);
    allParts(directory);
    table.awaitHeld();
    // all have had their turn or wait for it
    Future.<Void>future(turn -> context.runOnContext(_ -> turn.complete())).await();
    // if each took a connection to the store, there would be none for this
    assertThat(table.dynamo().execute(connections.find("another")).await()).isEmpty();

    table.release();
    lanes.empty().await();
    assertThat(table.answered("UpdateItem"))
        .extracting(StubTable.Asked::connection)
        .containsExactlyInAnyOrderElementsOf(sessions.stream().map(SocketSession::id).toList());
  }

  private Directory directory(Duration ttl) {
    var limits = new JobLimits(HOUR, HOUR, HOUR);
    var subscriptions = new SubscriptionCalls(new Tables("t"), limits, clock);
    var farewell =
        new Farewell(
            lanes, table.dynamo(), connections, subscriptions, _ -> Future.succeededFuture());
    return new Directory(
        vertx,
        registry,
        connections,
        table.dynamo(),
        lanes,
        farewell,
        ttl,
        Sockets.TERMS,
        clock,
        this::nanoTime);
  }

  private Sockets sockets(Directory directory) {
    return new Sockets(
        vertx,
        registry,
        (opening, socket) -> {
          var _ = directory.announce(opening);
          return directory.opened(opening, socket);
        });
  }

  private void beat(Directory directory) {
    allParts(directory);
    lanes.empty().await();
  }

  private void allParts(Directory directory) {
    var heartbeats = new Heartbeats(registry, directory, BEAT);
    for (int part = 0; part < Heartbeats.PARTS; part++) {
      heartbeats.beat(part);
    }
  }

  private long nanoTime() {
    return Duration.between(START, now.get()).toNanos();
  }
}
