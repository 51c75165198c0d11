package io.streamer.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.directory.ConnectionCalls;
import io.streamer.shared.table.Tables;
import io.streamer.shared.time.Clocks;
import io.streamer.testtools.Until;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the rows of connections come and go; real sockets, and youth that ends when a test says. */
@Timeout(60)
class ConnectionRowsTest {
  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanos = new AtomicLong();
  private final Sockets sockets = Sockets.of(vertx);
  private StubTable table;
  private ConnectionRows rows;

  @BeforeEach
  void start() throws IOException {
    table = new StubTable(vertx);
    var clock = InstantSource.system();
    var calls = new ConnectionCalls(new Tables("t"), clock);
    rows =
        new ConnectionRows(
            vertx.getOrCreateContext(),
            table.dynamo(),
            calls,
            Duration.ofHours(1),
            new Clocks(clock, nanos::get));
  }

  @AfterEach
  void stop() {
    table.close();
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 25, 50})
  void manyAreWrittenAtOnceAndAsManyAreTakenAway(int number) {
    var sessions = open(number);
    grow();
    awaitRows(sessions);
    assertThat(table.answered("BatchWriteItem")).hasSize((number + 24) / 25);

    Future.all(sessions.stream().map(this::end).toList()).await();
    assertThat(table.ids()).isEmpty();
    assertThat(table.answered("BatchWriteItem").size()).isLessThan(number + 2);
  }

  @Test
  void whoLivesForLessThanAMomentHasNoRow() {
    var lasting = open(2);
    grow();
    var brief = open(3);
    // all had their turn
    awaitRows(lasting);
    brief.forEach(session -> end(session).await());
    assertThat(table.takenAway()).isEmpty();
    assertThat(rows.waiting()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 40})
  void whatTheTableLeavesUndoneIsDoneLater(int leftOut) {
    table.leaveOut(leftOut);
    var sessions = open(30);
    grow();
    awaitRows(sessions);

    table.leaveOut(leftOut);
    Future.all(sessions.stream().map(this::end).toList()).await();
    assertThat(table.ids()).isEmpty();
  }

  @Test
  void rowsAreWrittenOnceTheTableIsBack() {
    table.leave();
    var sessions = open(30);
    grow();
    Until.holds("they were tried", () -> sessions.getLast().row().isUncertain());
    assertThat(rows.waiting()).isPositive();
    table.comeBack();
    awaitRows(sessions);
  }

  @Test
  void aRowThatLandsBehindItsFarewellIsTakenAway() throws Exception {
    table.hold("BatchWriteItem", 1);
    var session = open(1).getFirst();
    grow();
    table.awaitHeld();
    var said = end(session);
    table.release();
    said.await();
    assertThat(table.takenAway()).containsExactly(session.id());
    assertThat(table.ids()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30})
  void aRowThatMayLandLongAfterItsFarewellIsTakenAwayAgain(int number) {
    table.leave();
    var sessions = open(number);
    grow();
    Until.holds("they were tried", () -> sessions.stream().allMatch(it -> it.row().isUncertain()));
    sessions.forEach(this::end);
    table.comeBack();
    Until.holds("they are gone", () -> table.takenAway().equals(ids(sessions)));

    sessions.forEach(session -> table.land(session.id()));
    Until.holds(
        "they are gone again",
        () -> {
          // the first answers may just be on their way
          nanos.addAndGet(ConnectionRows.UNCERTAIN.toNanos());
          return table.ids().isEmpty();
        });
  }

  @Test
  void aStopTakesRowsAwayAndWritesNone() {
    var sessions = open(30);
    grow();
    awaitRows(sessions);
    var brief = open(5);
    sessions.forEach(this::end);
    rows.finish().await();
    assertThat(table.ids()).isEmpty();
    assertThat(brief).noneMatch(session -> session.row().mayExist());
  }

  private List<SocketSession> open(int number) {
    var sessions = Stream.generate(() -> sockets.open().session()).limit(number).toList();
    sessions.forEach(rows::write);
    return sessions;
  }

  /** Those that are open have lived for a moment. */
  private void grow() {
    nanos.addAndGet(ConnectionRows.YOUTH.toNanos());
  }

  private Future<Void> end(SocketSession session) {
    session.close(CloseCode.RESTART);
    return rows.takeAway(session);
  }

  private void awaitRows(Collection<SocketSession> sessions) {
    Until.matches("they have rows", table::ids, ids(sessions)::equals);
    Until.holds("that is known", () -> sessions.stream().allMatch(it -> it.row().writtenAt() != 0));
  }

  private static Set<String> ids(Collection<SocketSession> sessions) {
    return sessions.stream().map(SocketSession::id).collect(Collectors.toSet());
  }
}
