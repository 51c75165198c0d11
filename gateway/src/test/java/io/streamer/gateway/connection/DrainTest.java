package io.streamer.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a task lets its clients go; real sockets, and time that passes when the test says so. */
@Timeout(30)
class DrainTest {
  private static final Duration SPREAD = Duration.ofSeconds(5);
  private static final Duration GRACE = Duration.ofSeconds(25);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Sockets sockets = Sockets.of(vertx);
  private final Drain drain = new Drain(vertx, sockets.registry(), nanos::get);
  private volatile CountDownLatch looks = new CountDownLatch(0);

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void whoIsToldToLeaveKeepsItsSocketUntilEverybodyHadTheTime() throws Exception {
    var client = sockets.open();
    var drained = run(SPREAD);
    var goaway = new JsonObject(client.next());
    assertThat(goaway.getString("type")).isEqualTo("goaway");
    assertThat(goaway.getLong("reconnect_in_ms")).isBetween(0L, SPREAD.toMillis() - 1);

    nanos.addAndGet(SPREAD.plusMillis(999).toNanos());
    looked();
    assertThat(drained.isComplete()).isFalse();
    assertThat(sockets.registry().size()).isOne();

    nanos.addAndGet(Duration.ofMillis(1).toNanos());
    drained.await();
    assertThat(client.closeCode()).isEqualTo(1012);
  }

  @Test
  void clientsLeaveAtMomentsOfTheirOwn() {
    var clients = Stream.generate(sockets::open).limit(12).toList();
    var _ = run(SPREAD);
    var moments =
        clients.stream()
            .map(client -> new JsonObject(client.next()).getLong("reconnect_in_ms"))
            .toList();
    assertThat(moments).allSatisfy(at -> assertThat(at).isBetween(0L, SPREAD.toMillis() - 1));
    // at random: hardly ever are two of twelve the same
    assertThat(Set.copyOf(moments)).hasSizeGreaterThan(6);
  }

  @Test
  void itIsOverOnceAllHaveLeft() throws Exception {
    var first = sockets.open();
    var second = sockets.open();
    var drained = run(SPREAD);
    first.next();
    first.leave();
    looked();
    assertThat(drained.isComplete()).isFalse();
    second.leave();
    drained.await();
  }

  @Test
  void whoWasStillConnectingIsToldTooAndNobodyTwice() throws Exception {
    var first = sockets.open();
    var drained = run(SPREAD);
    first.next();
    var late = sockets.open();
    sockets.registry().all().forEach(drain::opened);
    assertThat(new JsonObject(late.next()).getString("type")).isEqualTo("goaway");
    first.leave();
    late.leave();
    drained.await();
    assertThat(first.left()).isZero();
  }

  @Test
  void whatIsInFlightIsWaitedForUntilTheGraceTimeIsOver() throws Exception {
    inFlight.set(1);
    var drained = run(SPREAD);
    nanos.addAndGet(GRACE.toNanos());
    looked();
    assertThat(drained.isComplete()).isFalse();
    nanos.addAndGet(1);
    drained.await();
  }

  @Test
  void nobodyIsWaitedForWhereNoOtherTaskTakesThem() {
    var client = sockets.open();
    run(Duration.ZERO).await();
    assertThat(new JsonObject(client.next()).getLong("reconnect_in_ms")).isZero();
    assertThat(client.closeCode()).isEqualTo(1012);
  }

  private Future<Void> run(Duration spread) {
    return drain.run(
        () -> {
          looks.countDown();
          return inFlight.get() == 0;
        },
        spread,
        GRACE);
  }

  /** Returns when it has looked and gone on: the second look begins behind the end of the first. */
  private void looked() throws InterruptedException {
    looks = new CountDownLatch(2);
    assertThat(looks.await(20, TimeUnit.SECONDS)).isTrue();
  }
}
