package io.streamer.gateway.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.action.Ticket.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who runs, who waits and who is refused. */
@Timeout(60)
class ActionPlacesTest {
  private static final int MOST_WAITING = 8;
  private static final int MOST_BYTES = 1_000;

  private final AtomicInteger ofAll = new AtomicInteger();
  private final ActionPlaces places = new ActionPlaces("busy", 1, MOST_WAITING, MOST_BYTES, ofAll);
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    assertThat(places.waiting()).isZero();
    assertThat(places.taken()).isZero();
    assertThat(ofAll).hasValue(0);
  }

  private record Asker(String connection, boolean isConnected) implements Waiting {
    @Override
    public void overran() {}

    @Override
    public void replied(ActionReply reply) {}
  }

  private Ticket ask(String call, int bytes) {
    var connection = call.substring(0, call.indexOf('-'));
    var ticket =
        new Ticket(places, connection, bytes, 0, verdict -> told.add(call + " " + verdict));
    places.await(ticket, new Asker(connection, true));
    return ticket;
  }

  private void ask(String... calls) {
    for (var call : calls) {
      ask(call, 1);
    }
  }

  private void asks(String connection, int times) {
    for (int i = 1; i <= times; i++) {
      ask(connection + "-" + i, 1);
    }
  }

  /** Gives back the place that is taken until nobody waits for it any more. */
  private List<String> served() {
    told.clear();
    while (places.taken() > 0) {
      places.leave();
    }
    assertThat(told).allMatch(line -> line.endsWith(" SERVED"));
    return told.stream().map(line -> line.replace(" SERVED", "")).toList();
  }

  @Test
  void connectionsTakeTurnsHoweverMuchOneAsksFor() {
    assertThat(places.enter()).isTrue();
    ask("a-1", "a-2", "a-3", "b-1", "a-4", "c-1", "b-2");
    assertThat(told).isEmpty();
    assertThat(ofAll).hasValue(7);
    assertThat(served()).containsExactly("a-1", "b-1", "c-1", "a-2", "b-2", "a-3", "a-4");
  }

  @Test
  void nobodyPassesThoseThatWait() {
    assertThat(places.enter()).isTrue();
    ask("a-1");
    assertThat(places.enter()).isFalse();
    places.leave();
    assertThat(told).containsExactly("a-1 SERVED");
    assertThat(places.enter()).isFalse();
    places.leave();
    assertThat(places.enter()).isTrue();
    places.leave();
  }

  @Test
  void whoAsksForMoreThanFitsIsRefusedAndItsOlderCallsAreNot() {
    assertThat(places.enter()).isTrue();
    asks("a", MOST_WAITING + 2);
    assertThat(told).containsExactly("a-9 REFUSED", "a-10 REFUSED");
    assertThat(served()).hasSize(MOST_WAITING);
  }

  @Test
  void aGreedyConnectionGivesUpItsNewestForOthers() {
    assertThat(places.enter()).isTrue();
    asks("a", MOST_WAITING);
    ask("b-1", "c-1");
    assertThat(told).containsExactly("a-8 REFUSED", "a-7 REFUSED");
    told.clear();
    // an even share of eight is two
    asks("b", 4);
    assertThat(told).containsExactly("a-6 REFUSED", "b-2 REFUSED", "b-3 REFUSED", "b-4 REFUSED");
    assertThat(served()).containsExactly("a-1", "b-1", "c-1", "a-2", "b-1", "a-3", "a-4", "a-5");
  }

  @Test
  void whereEachConnectionHasOneWaitingAnotherIsRefused() {
    assertThat(places.enter()).isTrue();
    for (int i = 0; i < MOST_WAITING; i++) {
      ask(i + "-1", 1);
    }
    ask("z-1");
    assertThat(told).containsExactly("z-1 REFUSED");
    assertThat(served()).hasSize(MOST_WAITING);
  }

  @Test
  void largePayloadsGiveWayToSmallOnes() {
    assertThat(places.enter()).isTrue();
    ask("a-1", 400);
    ask("a-2", 400);
    ask("a-3", 400);
    assertThat(told).containsExactly("a-3 REFUSED");
    told.clear();
    ask("b-1", 300);
    assertThat(told).containsExactly("a-2 REFUSED");
    told.clear();
    ask("c-1", MOST_BYTES + 1);
    assertThat(told).as("what fits nowhere takes nobody's place").containsExactly("c-1 REFUSED");
    assertThat(served()).containsExactly("a-1", "b-1");
  }

  @Test
  void whatAnEndedConnectionAskedForIsNotBegun() {
    assertThat(places.enter()).isTrue();
    ask("a-1", "b-1", "a-2");
    places.left("a");
    places.left("unknown");
    assertThat(told).containsExactly("a-1 GONE", "a-2 GONE");
    var late = new Ticket(places, "a", 1, 0, verdict -> told.add("late " + verdict));
    places.await(late, new Asker("a", false));
    assertThat(told).endsWith("late GONE");
    assertThat(served()).containsExactly("b-1");
  }

  @Test
  void nobodyWaitsWhereNothingIsServedAnyMore() {
    assertThat(places.enter()).isTrue();
    ask("a-1", "b-1", "a-2");
    places.close();
    ask("c-1");
    assertThat(told)
        .containsExactlyInAnyOrder("a-1 REFUSED", "a-2 REFUSED", "b-1 REFUSED", "c-1 REFUSED");
    assertThat(served()).isEmpty();
  }

  @Test
  void whoWaitsNoLongerIsToldOnceAtMost() {
    assertThat(places.enter()).isTrue();
    var first = ask("a-1", 1);
    var second = ask("a-2", 1);
    var third = ask("b-1", 1);
    assertThat(first.withdraw()).isTrue();
    assertThat(first.withdraw()).isFalse();
    third.giveUp();
    third.giveUp();
    assertThat(told).containsExactly("b-1 REFUSED");
    assertThat(served()).containsExactly("a-2");
    second.giveUp();
    assertThat(second.withdraw()).isFalse();
    assertThat(told).doesNotContain("a-2 REFUSED");
  }

  /** A place that is given back in the moment in which another begins to wait is not lost. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void noMoreRunAtOnceAndNobodyIsForgotten(int most) throws Exception {
    var shared = new ActionPlaces("busy", most, 1_000, 1_000_000, ofAll);
    var inside = new AtomicInteger();
    var worst = new AtomicInteger();
    var done = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 16; i++) {
      var connection = "c-" + i % 5;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int round = 0; round < 2_000; round++) {
                  if (!shared.enter()) {
                    var verdict = new CompletableFuture<Verdict>();
                    shared.await(
                        new Ticket(shared, connection, 1, 0, verdict::complete),
                        new Asker(connection, true));
                    assertThat(verdict.join()).isEqualTo(Verdict.SERVED);
                  }
                  worst.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  Thread.onSpinWait();
                  inside.decrementAndGet();
                  done.incrementAndGet();
                  shared.leave();
                }
              }));
    }
    for (var thread : threads) {
      thread.join();
    }
    assertThat(done).hasValue(16 * 2_000);
    assertThat(worst.get()).isBetween(1, most);
    assertThat(shared.taken()).isZero();
    assertThat(shared.waiting()).isZero();
  }
}
