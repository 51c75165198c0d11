package io.streamer.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.streamer.gateway.store.Limiter;
import io.streamer.shared.directory.ConnectionCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.table.Tables;
import io.streamer.shared.time.Clocks;
import io.streamer.testtools.Until;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What heartbeats write of connections, over real sockets and by the test's time. */
@Timeout(60)
class HeartbeatsTest {
  private static final int LANES = StubTable.CONNECTIONS / 2;
  private static final Instant START = Instant.ofEpochSecond(1_732_152_000);
  private static final Instant WRITTEN = START.plus(ConnectionRows.YOUTH);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration BEAT = Duration.ofSeconds(25);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final InstantSource clock = now::get;
  private final Registry registry = new Registry();
  private final Context context = vertx.getOrCreateContext();
  private final Limiter lanes = new Limiter(context, LANES, HOUR);
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
    var session = open(directory, 1).getFirst();
    for (int minute = 1; minute < 60; minute++) {
      now.set(WRITTEN.plus(Duration.ofMinutes(minute)));
      session.heard();
      beat(directory);
    }
    assertThat(table.answered("UpdateItem")).isEmpty();

    now.set(WRITTEN.plus(HOUR));
    session.heard();
    beat(directory);
    assertThat(table.answered("UpdateItem")).hasSize(1);
    var values = table.answered("UpdateItem").getFirst().body().encode();
    assertThat(values)
        .as("the last frame, and the day after the last pong")
        .contains("\"" + START.toEpochMilli() + "\"")
        .contains("\"" + (WRITTEN.getEpochSecond() + 25 * 3_600) + "\"");
  }

  @Test
  void whoIsUsedIsWrittenOnceAMinute() {
    var directory = directory(Duration.ofHours(24));
    var session = open(directory, 1).getFirst();
    now.set(WRITTEN.plusSeconds(59));
    session.seen();
    beat(directory);
    assertThat(table.answered("UpdateItem")).isEmpty();
    now.set(WRITTEN.plusSeconds(60));
    beat(directory);
    beat(directory);
    assertThat(table.answered("UpdateItem")).hasSize(1);
  }

  @Test
  void aRowIsWrittenTwiceBeforeItWouldExpire() {
    var directory = directory(Duration.ofMinutes(30));
    var session = open(directory, 1).getFirst();
    now.set(WRITTEN.plus(Duration.ofMinutes(10)));
    session.heard();
    beat(directory);
    assertThat(table.answered("UpdateItem")).hasSize(1);
  }

  @Test
  void eachChangeOfAStateIsALineOfTheLogAndNoneElse() {
    var logger = (Logger) LoggerFactory.getLogger(Heartbeats.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    logger.addAppender(lines);
    try {
      var directory = directory(Duration.ofHours(24));
      var session = open(directory, 1).getFirst();
      beat(directory);
      assertThat(lines.list).isEmpty();
      // 60 s of pongs, then silence
      for (int second : new int[] {30, 60, 61, 110}) {
        now.set(WRITTEN.plusSeconds(second));
        if (second <= 60) {
          session.heard();
        }
        beat(directory);
        beat(directory);
      }
      session.seen();
      beat(directory);
      assertThat(lines.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .containsExactly(
              "connection " + session.id() + " is IDLE",
              "connection " + session.id() + " is STALE",
              "connection " + session.id() + " is CONNECTED");
    } finally {
      logger.detachAppender(lines);
    }
  }

  @Test
  void eachConnectionHasItsTurnOnceAndNotAllHaveTheSame() {
    var logger = (Logger) LoggerFactory.getLogger(Heartbeats.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    logger.addAppender(lines);
    try {
      var directory = directory(Duration.ofHours(24));
      var sessions = open(directory, 40);
      now.set(WRITTEN.plusSeconds(60));
      var heartbeats = new Heartbeats(registry, directory, BEAT);
      int parts = 0;
      for (int part = 0; part < Heartbeats.PARTS; part++) {
        int before = lines.list.size();
        heartbeats.beat(part);
        parts += lines.list.size() > before ? 1 : 0;
      }
      // of forty ids at random
      assertThat(parts).isGreaterThan(5);
      assertThat(lines.list).hasSameSizeAs(sessions);
    } finally {
      logger.detachAppender(lines);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aRowThatIsMissingIsWrittenAgain(int connections) {
    var directory = directory(Duration.ofHours(24));
    var sessions = open(directory, connections);
    var lost = sessions.getFirst();
    table.lose(lost.id());
    now.set(WRITTEN.plusSeconds(60));
    sessions.forEach(SocketSession::seen);
    beat(directory);
    Until.holds("it has its row again", () -> table.ids().contains(lost.id()));
    assertThat(table.ids()).hasSize(connections);
  }

  @Test
  void othersReachTheTableWhileManyAreWrittenAndEachWaitsOnce() throws Exception {
    var directory = directory(Duration.ofHours(24));
    var sessions = open(directory, 3 * StubTable.CONNECTIONS);
    now.set(WRITTEN.plusSeconds(60));
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
    var clocks = new Clocks(clock, this::nanoTime);
    var rows = new ConnectionRows(context, table.dynamo(), connections, ttl, clocks);
    var farewell =
        new ConnectionCleanup(
            rows,
            lanes,
            _ -> Future.succeededFuture(),
            lanes,
            table.dynamo(),
            subscriptions,
            clock);
    return new Directory(
        vertx, registry, new Directory.Writes(rows, farewell, lanes, 1_000), Sockets.TERMS, clocks);
  }

  /** Connections that have their rows. */
  private List<SocketSession> open(Directory directory, int number) {
    var sockets = new Sockets(vertx, registry, directory::opened);
    var sessions = Stream.generate(() -> sockets.open().session()).limit(number).toList();
    now.set(WRITTEN);
    Until.holds(
        "they have their rows",
        () -> sessions.stream().allMatch(session -> session.row().writtenAt() != 0));
    return sessions;
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
