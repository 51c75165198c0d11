package io.streamer.gateway.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineQueueTest {
  // its time passes the largest that a long holds within each test
  private final ManualLoop loop = new ManualLoop();
  private final DeadlineQueue deadlines = loop.deadlines;
  private final List<String> due = new ArrayList<>();

  private final class Named extends DeadlineQueue.Entry {
    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    void due() {
      due.add(name);
    }
  }

  private Named in(long nanos, long patience, String name) {
    var entry = new Named(name);
    deadlines.add(entry, loop.now() + nanos, patience);
    return entry;
  }

  @Test
  void eachIsDueAtItsTimeAndOnce() {
    in(1_000, 1_000, "first");
    loop.pass(500);
    in(1_000, 1_000, "second");
    loop.pass(499);
    assertThat(due).isEmpty();
    loop.pass(1);
    assertThat(due).containsExactly("first");
    loop.pass(500);
    assertThat(due).containsExactly("first", "second");
    loop.pass(10_000);
    assertThat(due).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000, 300})
  void oneThatIsAddedLaterMayBeDueEarlier(long patience) {
    in(1_000, 1_000, "late");
    in(300, patience, "soon");
    loop.pass(300);
    assertThat(due).containsExactly("soon");
    loop.pass(700);
    assertThat(due).containsExactly("soon", "late");
  }

  @Test
  void whatIsTakenOutIsNotDueAndTheOthersStay() {
    var entries = List.of(in(10, 10, "a"), in(20, 10, "b"), in(30, 10, "c"), in(40, 10, "d"));
    deadlines.remove(entries.get(0));
    deadlines.remove(entries.get(2));
    // again: it is not in
    deadlines.remove(entries.get(2));
    loop.pass(25);
    deadlines.remove(entries.get(1));
    loop.pass(100);
    assertThat(due).containsExactly("b", "d");
  }

  @Test
  void oneThatIsDueMayBeAddedAgain() {
    var again =
        new DeadlineQueue.Entry() {
          int times;

          @Override
          void due() {
            if (++times < 3) {
              deadlines.add(this, loop.now() + 100, 100);
            }
          }
        };
    deadlines.add(again, loop.now() + 100, 100);
    loop.pass(1_000);
    assertThat(again.times).isEqualTo(3);
  }

  static Stream<Throwable> thrown() {
    return Stream.of(new StackOverflowError(), new IllegalStateException(), new AssertionError());
  }

  @ParameterizedTest
  @MethodSource("thrown")
  void oneThatFailsKeepsNoneOfTheOthers(Throwable thrown) {
    in(100, 50, "at the same time, before it");
    deadlines.add(
        new DeadlineQueue.Entry() {
          @Override
          void due() {
            sneak(thrown);
          }
        },
        loop.now() + 100,
        100);
    in(100, 100, "at the same time, behind it");
    in(100, 200, "at the same time, of another patience");
    in(300, 300, "later");
    assertThatThrownBy(() -> loop.pass(100)).isSameAs(thrown);
    loop.pass(0);
    assertThat(due)
        .containsExactlyInAnyOrder(
            "at the same time, before it",
            "at the same time, behind it",
            "at the same time, of another patience");
    loop.pass(200);
    assertThat(due).hasSize(4).endsWith("later");
  }

  @ParameterizedTest
  @MethodSource("thrown")
  void aTimerThatCannotBeStartedIsStartedWithTheNext(Throwable thrown) {
    var next = new AtomicReference<>(thrown);
    var started = new ArrayList<Long>();
    var queue =
        new DeadlineQueue(
            loop::now,
            (_, nanos) -> {
              var now = next.getAndSet(null);
              if (now != null) {
                sneak(now);
              }
              started.add(nanos);
            });
    assertThatThrownBy(() -> queue.add(new Named("a"), loop.now() + 10, 10)).isSameAs(thrown);
    queue.add(new Named("b"), loop.now() + 20, 10);
    assertThat(started).hasSize(1);
  }

  private static void sneak(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }

  @Test
  void oneTimerStandsForAllThatComesAndGoes() {
    for (int i = 0; i < 10_000; i++) {
      var entry = in(5_000, 5_000, "gone");
      loop.pass(10);
      deadlines.remove(entry);
    }
    assertThat(due).isEmpty();
    assertThat(loop.started()).isLessThan(100);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void allAreDueExactlyAtTheirTimesUnlessTheyAreTakenOut(long seed) {
    var random = new Random(seed);
    var late = new ArrayList<Long>();
    var entries = new ArrayList<DeadlineQueue.Entry>();
    for (int i = 0; i < 500; i++) {
      long at = loop.now() + random.nextInt(2_000);
      var entry =
          new DeadlineQueue.Entry() {
            @Override
            void due() {
              late.add(loop.now() - at);
            }
          };
      deadlines.add(entry, at, 10L * random.nextInt(4));
      entries.add(entry);
      loop.pass(random.nextInt(10));
      if (random.nextInt(3) == 0) {
        deadlines.remove(entries.get(random.nextInt(entries.size())));
      }
    }
    loop.pass(5_000);
    assertThat(late).hasSizeGreaterThan(200).containsOnly(0L);
  }
}
