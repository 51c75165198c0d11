package io.streamer.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose turn it is where lanes are short. */
class ConnectionLanesTest {
  private final List<String> begun = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 1_000})
  void whoAsksForManyThingsStandsInFrontOfAnotherWithOne(int things) {
    var lanes = new ConnectionLanes(1, 16, 100_000);
    assertThat(lanes.take("first")).isTrue();
    for (int i = 0; i < things; i++) {
      ask(lanes, "greedy");
    }
    ask(lanes, "other");
    lanes.leave("first");
    lanes.leave("greedy");
    assertThat(begun).containsExactly("greedy", "other");
  }

  @ParameterizedTest
  @CsvSource({"1, 4", "16, 17", "16, 1000"})
  void oneHasSoManyLanesAtATimeWhoeverElseThereIs(int mostOfOne, int things) {
    var lanes = new ConnectionLanes(128, mostOfOne, 100_000);
    for (int i = 0; i < things; i++) {
      ask(lanes, "greedy");
    }
    assertThat(begun).hasSize(mostOfOne);
    assertThat(lanes.take("greedy")).isFalse();
    assertThat(lanes.take("other")).isTrue();
    lanes.leave("greedy");
    assertThat(begun).hasSize(mostOfOne + 1);
    for (int i = 0; i < things - 1; i++) {
      lanes.leave("greedy");
    }
    assertThat(begun).hasSize(things);
    lanes.leave("other");
    assertThat(lanes.isIdle()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whoDoesNotWantItsTurnAnyMoreHoldsNobodyUp(int others) {
    var lanes = new ConnectionLanes(1, 1, 100_000);
    lanes.take("first");
    for (int i = 0; i < others; i++) {
      lanes.await("gone" + i, () -> false);
    }
    ask(lanes, "other");
    lanes.leave("first");
    assertThat(begun).containsExactly("other");
    lanes.leave("other");
    assertThat(lanes.isIdle()).isTrue();
    lanes.await("gone", () -> false);
    assertThat(lanes.isIdle()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0, 8", "8, 8", "9, 9", "100, 100"})
  void whereVeryManyWaitWhoHasItsShareWaitingIsTurnedAway(int mostWaiting, int waits) {
    var lanes = new ConnectionLanes(1, 1, mostWaiting);
    lanes.take("first");
    for (int i = 0; i < waits; i++) {
      assertThat(ask(lanes, "greedy")).isTrue();
    }
    assertThat(ask(lanes, "greedy")).isFalse();
    for (int i = 0; i < 8; i++) {
      assertThat(ask(lanes, "other")).isTrue();
    }
    assertThat(ask(lanes, "other")).isFalse();
    lanes.leave("first");
    for (int i = 0; i < waits + 8; i++) {
      lanes.leave(begun.get(i));
    }
    assertThat(begun).hasSize(waits + 8);
    assertThat(lanes.isIdle()).isTrue();
    lanes.take("first");
    assertThat(ask(lanes, "greedy")).as("there is room again").isTrue();
  }

  @Test
  void nobodyLeavesALaneThatItDoesNotHave() {
    var lanes = new ConnectionLanes(2, 2, 100_000);
    lanes.take("first");
    assertThatThrownBy(() -> lanes.leave("other")).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whileOneWaitsNoOtherGetsTwoTurns(long seed) {
    var random = new Random(seed);
    int most = 1 + random.nextInt(6);
    int mostOfOne = 1 + random.nextInt(3);
    var lanes = new ConnectionLanes(most, mostOfOne, 100_000);
    var waiting = new HashMap<String, Integer>();
    var busy = new ArrayList<String>();
    for (int i = 0; i < 5_000; i++) {
      if (random.nextBoolean()) {
        var who = "c" + random.nextInt(5);
        waiting.merge(who, 1, Integer::sum);
        ask(lanes, who);
      } else if (!busy.isEmpty()) {
        lanes.leave(busy.remove(random.nextInt(busy.size())));
      }
      settle(waiting, busy, mostOfOne);
      assertThat(busy).hasSizeLessThanOrEqualTo(most);
      for (var who : busy) {
        assertThat(Collections.frequency(busy, who)).isLessThanOrEqualTo(mostOfOne);
      }
      // no lane is left unused while somebody may have it
      if (busy.size() < most) {
        assertThat(waiting.keySet()).allMatch(who -> Collections.frequency(busy, who) == mostOfOne);
      }
    }
  }

  /** How often others began since a connection could have. */
  private final Map<String, Map<String, Integer>> overtaken = new HashMap<>();

  private void settle(Map<String, Integer> waiting, List<String> busy, int mostOfOne) {
    for (var who : begun) {
      busy.add(who);
      waiting.computeIfPresent(who, (_, count) -> count == 1 ? null : count - 1);
      overtaken.remove(who);
      for (var other : waiting.keySet()) {
        if (Collections.frequency(busy, other) < mostOfOne) {
          assertThat(
                  overtaken
                      .computeIfAbsent(other, _ -> new HashMap<>())
                      .merge(who, 1, Integer::sum))
              .as("%s while %s waits", who, other)
              .isLessThanOrEqualTo(1);
        }
      }
    }
    overtaken.keySet().removeIf(who -> Collections.frequency(busy, who) == mostOfOne);
    begun.clear();
  }

  private boolean ask(ConnectionLanes lanes, String who) {
    return lanes.await(who, () -> begun.add(who));
  }
}
