package io.streamer.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.store.Limiter;
import io.streamer.shared.directory.ConnectionCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.table.Tables;
import io.streamer.shared.time.Clocks;
import io.streamer.testtools.Until;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All of a task's connections end at once. */
@Timeout(60)
class ConnectionCleanupTest {
  private static final int LANES = StubTable.CONNECTIONS / 4;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Set<String> IDS =
      IntStream.range(0, 100).mapToObj(i -> "c" + i).collect(Collectors.toSet());

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Set<String> left = ConcurrentHashMap.newKeySet();
  private Future<Void> jobs = Future.succeededFuture();
  private StubTable table;
  private ConnectionCalls connections;
  private ConnectionCleanup farewell;

  @BeforeEach
  void start() throws IOException {
    table = new StubTable(vertx);
    var clock = InstantSource.system();
    var tables = new Tables("t");
    connections = new ConnectionCalls(tables, clock);
    farewell =
        new ConnectionCleanup(
            new ConnectionRows(context, table.dynamo(), connections, HOUR, Clocks.of(clock)),
            new Limiter(context, LANES, HOUR),
            id -> {
              left.add(id);
              return jobs;
            },
            new Limiter(context, LANES, HOUR),
            table.dynamo(),
            new SubscriptionCalls(tables, new JobLimits(HOUR, HOUR, HOUR), clock),
            clock);
  }

  @AfterEach
  void stop() {
    table.close();
    vertx.close().await();
  }

  @Test
  void othersReachTheTablesWhileManyLeaveAndAllThatWasLeftGoes() throws Exception {
    table.hold("BatchWriteItem,Query", LANES + 1);
    var said = IDS.stream().map(farewell::say).toList();
    table.awaitHeld();
    // if each took a connection to the store, there would be none for this
    assertThat(table.dynamo().execute(connections.find("another")).await()).isEmpty();
    assertThat(left).as("jobs wait for no table").isEqualTo(IDS);

    table.release();
    farewell.finish(HOUR).await();
    assertThat(table.takenAway()).isEqualTo(IDS);
    assertThat(table.answered("BatchWriteItem")).hasSizeLessThan(IDS.size() / 4);
    assertThat(table.answered("Query")).hasSize(IDS.size());
    Future.all(said).await();
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "20, 0", "7, 3"})
  void forWhoHadToDoWithNoJobNothingIsAskedFor(int without, int with) {
    var sockets = Sockets.of(vertx);
    var sessions = Stream.generate(() -> sockets.open().session()).limit(without + with).toList();
    for (var session : sessions.subList(without, sessions.size())) {
      on(session, () -> session.hold("j"));
      on(session, () -> session.release("j"));
    }
    Future.all(sessions.stream().map(farewell::say).toList()).await();
    assertThat(left).hasSize(with);
    assertThat(table.answered("Query")).hasSize(with);
    assertThat(farewell.waiting()).isZero();
  }

  private static void on(SocketSession session, Runnable work) {
    Future.<Void>future(done ->
            session
                .context()
                .runOnContext(_ -> {
                  work.run();
                  done.complete();
                }))
        .await();
  }

  @Test
  void rowsAndSubscriptionsGoWhileJobsHang() {
    var hanging = Promise.<Void>promise();
    jobs = hanging.future();
    var said = IDS.stream().map(farewell::say).toList();
    Until.holds("the rows are gone", () -> table.takenAway().equals(IDS));
    Until.holds("nobody subscribes", () -> table.answered("Query").size() == IDS.size());
    hanging.complete();
    Future.all(said).await();
    assertThat(left).isEqualTo(IDS);
  }

  @Test
  void aTableThatIsAwayKeepsNobodyWaiting() {
    table.leave();
    Future.all(IDS.stream().map(farewell::say).toList()).await();
    assertThat(left).isEqualTo(IDS);
    assertThat(table.answered("BatchWriteItem")).isEmpty();

    // but is asked once it is back
    table.comeBack();
    Until.holds("the rows are gone", () -> table.takenAway().equals(IDS));
  }
}
